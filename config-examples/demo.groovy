// Shows what this is, and needs nothing: starts two small web servers of its own and routes to them by the first part
// of the path.
//
//   bin/proxymachine -c config-examples/demo.groovy
//   curl localhost:5432/alice/
//   curl localhost:5432/bob/
//   curl localhost:5432/

import com.sun.net.httpserver.HttpServer

// One server per tenant, on a free port. Kept across reloads (HUP), which evaluate this file again.
def backends = System.properties.computeIfAbsent('proxymachine.demo') {
    ['alice', 'bob'].collectEntries { tenant ->
        def server = HttpServer.create(new InetSocketAddress(InetAddress.loopbackAddress, 0), 0)
        server.createContext('/') { exchange ->
            def page = "Hello from ${tenant}'s server, on port ${server.address.port}. You asked for ${exchange.requestURI.path}\n".bytes
            exchange.sendResponseHeaders(200, page.length)
            exchange.responseBody.withCloseable { it.write(page) }
        }
        server.start()
        log.info "demo: ${tenant}'s server is on port ${server.address.port}"
        [tenant, "127.0.0.1:${server.address.port}".toString()]
    }
}

def help = '''\
No server for this path. This proxy looks at the first part of it:

  curl localhost:5432/alice/    goes to one server
  curl localhost:5432/bob/      goes to another

The script that decides is config-examples/demo.groovy: change it, and send the daemon a HUP.
'''

proxy { data ->
    def request = data =~ /^[A-Z]+ \/([^\/ ]*)[^\r\n]* HTTP\/1\.[01]\r?\n/
    if (request.find()) {
        def remote = backends[request.group(1)]
        remote ? [remote: remote]
               : [close: "HTTP/1.1 404 Not Found\r\nContent-Type: text/plain\r\nContent-Length: ${help.size()}\r\nConnection: close\r\n\r\n${help}"]
    } else if (data.size() > 8192 || data.contains('\n')) {
        [close: 'HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\nConnection: close\r\n\r\n']
    }
    // Otherwise null: wait for the rest of the line.
}
