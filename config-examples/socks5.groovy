// A SOCKS5 server without authentication: a dialogue before routing (RFC 1928).
//
//   bin/proxymachine -c config-examples/socks5.groovy
//   curl --socks5-hostname localhost:5432 http://localhost:8001/

def refuse = { code -> "\u0005${code as char}\0\u0001\0\0\0\0\0\0" }
def granted = refuse(0)

// Each message is taken out of the buffer when it has been dealt with; conn.session remembers where we are.
proxy { data, conn ->
    if (data.size() < 2) return null
    if (data[0] != '\u0005') return [close: true]
    if (!conn.session.greeted) {
        def (version, count) = data.unpack('CC')
        if (data.size() < 2 + count) return null
        if (!data.substring(2, 2 + count).contains('\0')) return [close: '\u0005\u00ff']
        conn.session.greeted = true
        return [noop: true, reply: '\u0005\0', data: data.substring(2 + count)]
    }
    if (data.size() < 5) return null
    def (version, command, reserved, type, length) = data.unpack('C5')
    def size = [1: 4, 3: length + 1, 4: 16][type]
    if (size == null) return [close: refuse(8)]
    if (command != 1) return [close: refuse(7)]
    if (data.size() < 4 + size + 2) return null
    def address = data.substring(4, 4 + size)
    def port = data.substring(4 + size).unpack('n')[0]
    def host = switch (type) {
        case 1 -> address.unpack('C4').join('.')
        case 3 -> address.substring(1)
        default -> '[' + address.unpack('n8').collect { Integer.toHexString(it) }.join(':') + ']'
    }
    if (port == 0 || !(host ==~ /[\w.:\[\]-]+/)) return [close: refuse(1)]
    [remote: "$host:$port", reply: granted, data: data.substring(4 + size + 2), retries: 0]
}

proxy_connect_error { remote, conn, error -> [close: refuse(error.contains('refused') ? 5 : 4)] }
