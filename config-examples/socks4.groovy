// A SOCKS4 and 4a server.
//
//   bin/proxymachine -c config-examples/socks4.groovy
//   curl --socks4a localhost:5432 http://localhost:8001/
//
// Whoever reaches the port can reach what this machine can: listen where only friends are.

proxy { data ->
    def request = socks4(data)
    if (request?.command != 'connect' || !request.remote) return [close: refuse('socks4')]
    [remote: request.remote, reply: '\0\132\0\0\0\0\0\0', data: data.drop(request.length), retries: 0]
}

proxy_connect_error { [close: refuse('socks4')] }
