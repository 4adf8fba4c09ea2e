// A SOCKS5 server without authentication: a dialogue before routing (RFC 1928).
//
//   bin/proxymachine -c config-examples/socks5.groovy
//   curl --socks5-hostname localhost:5432 http://localhost:8001/
//
// Whoever reaches the port can reach what this machine can: listen where only friends are.

// Each message is taken out of the buffer when it has been dealt with; conn.session remembers where we are.
proxy { data, conn ->
    if (!conn.session.greeted) {
        def greeting = socks5(data)
        if (!greeting) return [close: true]
        if (!(0 in greeting.methods)) return [close: refuse('socks5-greeting')]
        conn.session.greeted = true
        return [noop: true, reply: '\5\0', data: data.drop(greeting.length)]
    }
    def request = socks5(data, 'request')
    if (!request) return [close: refuse('socks5')]
    if (request.command != 'connect') return [close: refuse('socks5-7')]
    if (!(request.addressType in [1, 3, 4])) return [close: refuse('socks5-8')]
    if (!request.remote) return [close: refuse('socks5')]
    [remote: request.remote, reply: '\5\0\0\1\0\0\0\0\0\0', data: data.drop(request.length), retries: 0]
}

proxy_connect_error { remote, conn, error -> [close: refuse(error.contains('refused') ? 'socks5-5' : 'socks5-4')] }
