// SSH and HTTP on one port. A web browser speaks first, and so do most ssh clients; one that waits for the server's greeting
// says nothing, and goes to the ssh server after a second.
//
//   python3 -m http.server 8080 --bind 127.0.0.1 &
//   bin/proxymachine -c config-examples/ssh-http.groovy
//   curl localhost:5432/
//   ssh -p 5432 localhost
//   nc localhost 5432           # says nothing, and is greeted

def sshServer = System.getenv('SSH') ?: '127.0.0.1:22'
def webServer = System.getenv('WEB') ?: '127.0.0.1:8080'

proxy { data ->
    if (ssh(data)) return [remote: sshServer, connect_timeout: 5]
    http(data) ? [remote: webServer, connect_timeout: 5] : [close: true]
}

proxy_silent(1) { conn ->
    [remote: sshServer, connect_timeout: 5]
}
