// A forward proxy for all that clients commonly speak, on one port: HTTP CONNECT, SOCKS 4, 4a and 5.
//
//   bin/proxymachine -h 127.0.0.1 -c config-examples/forward.groovy
//   curl -p -x localhost:5432 http://localhost:8001/
//   curl -x socks5h://localhost:5432 http://localhost:8001/
//
// ALLOWED is a regular expression of host:port; without it nothing but this machine itself.

def allowed = ~(System.getenv('ALLOWED') ?: /(localhost|127\.0\.0\.1|\[::1\]):\d+/)

def connect = { String remote, int length, String data, String granted, String refusal ->
    remote && remote ==~ allowed ? [remote: remote, reply: granted, data: data.drop(length), retries: 0] : [close: refuse(refusal, "$remote is not allowed")]
}

proxy { data, conn ->
    if (conn.session.greeted) {
        def request = socks5(data, 'request')
        if (request?.command != 'connect') return [close: refuse('socks5-7')]
        conn.session.refusal = 'socks5-4'
        return connect(request.remote, request.length, data, '\5\0\0\1\0\0\0\0\0\0', 'socks5-2')
    }
    def greeting = socks5(data)
    if (greeting) {
        if (!(0 in greeting.methods)) return [close: refuse('socks5-greeting')]
        conn.session.greeted = true
        return [noop: true, reply: '\5\0', data: data.drop(greeting.length)]
    }
    def old = socks4(data)
    if (old) {
        if (old.command != 'connect') return [close: refuse('socks4')]
        conn.session.refusal = 'socks4'
        return connect(old.remote, old.length, data, '\0\132\0\0\0\0\0\0', 'socks4')
    }
    def request = http(data)
    if (request?.method != 'CONNECT' || !request.port) return [close: refuse('http-400', 'Expected CONNECT host:port.')]
    conn.session.refusal = 'http-502'
    def host = request.host.contains(':') ? "[$request.host]" : request.host
    connect("$host:$request.port", request.length, data, 'HTTP/1.1 200 Connection established\r\n\r\n', 'http-403')
}

proxy_connect_error { remote, conn -> [close: refuse(conn.session.refusal, "$remote cannot be reached")] }
