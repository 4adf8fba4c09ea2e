// Routes HTTP by the host that is asked for.
//
//   python3 -m http.server 8001 &
//   bin/proxymachine -c config-examples/http-host.groovy
//   curl -H 'Host: one.example' localhost:5432/

def hosts = [
    'one.example': System.getenv('ONE') ?: '127.0.0.1:8001',
    'two.example': System.getenv('TWO') ?: '127.0.0.1:8002',
]

proxy { data ->
    def request = http(data)
    if (!request) return [close: refuse('http-400', 'This is no HTTP request.')]
    def remote = hosts[request.host]
    remote ? [remote: remote] : [close: refuse('http-404', "No such host: ${request.host}")]
}

proxy_connect_error { [close: refuse('http', 'The server is down, try again later.')] }
