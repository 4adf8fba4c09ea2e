// Routes HTTP by the Host header.
//
//   python3 -m http.server 8001 &
//   bin/proxymachine -c config-examples/http-host.groovy
//   curl -H 'Host: one.example' localhost:5432/

def hosts = [
    'one.example': System.getenv('ONE') ?: '127.0.0.1:8001',
    'two.example': System.getenv('TWO') ?: '127.0.0.1:8002',
]

proxy { data ->
    // The header is complete at the empty line (RFC 9112, section 2.1).
    def end = data.indexOf('\r\n\r\n')
    if (end < 0) {
        return data.size() < 16384 ? null : [close: 'HTTP/1.1 431 Request Header Fields Too Large\r\nConnection: close\r\n\r\n']
    }
    def host = data.take(end) =~ /(?i)\r\nHost:[ \t]*([^\s:]+)/
    def remote = host.find() ? hosts[host.group(1).toLowerCase()] : null
    remote ? [remote: remote]
           : [close: 'HTTP/1.1 404 Not Found\r\nContent-Length: 16\r\nConnection: close\r\n\r\nNo such host...\n']
}
