// A SOCKS4 server: the original's seven lines.
//
//   bin/proxymachine -c config-examples/socks4.groovy
//   curl --socks4 localhost:5432 http://127.0.0.1:8001/
//
// CONNECT is 04 01, port, address, user id, 00 (the SOCKS4 protocol, Ying-Da Lee).

proxy { data ->
    if (data.size() < 9 || data.indexOf('\0', 8) < 0) return null
    def (version, command, port, a, b, c, d) = data.unpack('CCnC4')
    if (version != 4 || command != 1) return [close: '\0\133\0\0\0\0\0\0']
    [remote: "$a.$b.$c.$d:$port", reply: '\0\132\0\0\0\0\0\0', data: data.substring(data.indexOf('\0', 8) + 1), retries: 0]
}

proxy_connect_error { [close: '\0\133\0\0\0\0\0\0'] }
