// Tries a list of servers in order, and tells an HTTP client that none is there rather than hanging up on it.
//
//   python3 -m http.server 8002 &
//   bin/proxymachine -c config-examples/failover.groovy
//   curl localhost:5432/

def servers = (System.getenv('SERVERS') ?: '127.0.0.1:8001,127.0.0.1:8002').split(',') as List

proxy { data ->
    [remote: servers, connect_timeout: 2, inactivity_timeout: 30]
}

def unavailable = { why ->
    def page = "503: $why\n"
    "HTTP/1.1 503 Service Unavailable\r\nContent-Type: text/plain\r\nContent-Length: ${page.size()}\r\nConnection: close\r\n\r\n$page"
}

proxy_connect_error { remote, conn, error ->
    log.warn "no server for ${conn.peer}, the last was ${remote}: ${error}"
    [close: unavailable('no server is up')]
}

proxy_inactivity_error { remote -> [close: unavailable('the server does not answer')] }
