// Sends TLS clients to the server of the name that they ask for (SNI), or of the protocol they want to speak (ALPN).
// Nothing is decrypted: certificates and keys stay with the servers.
//
//   openssl s_server -accept 8443 -cert one.pem -key one.key -www &
//   bin/proxymachine -c config-examples/tls.groovy
//   curl -k --connect-to one.example:443:localhost:5432 https://one.example/

def names = [
    'one.example': System.getenv('ONE') ?: '127.0.0.1:8443',
    'two.example': System.getenv('TWO') ?: '127.0.0.1:8444',
]
def acme = System.getenv('ACME') ?: '127.0.0.1:8445'

proxy { data ->
    def hello = tls(data)
    if (!hello) return [close: true]
    if ('acme-tls/1' in hello.alpn) return [remote: acme]
    def remote = names[hello.serverName]
    remote ? [remote: remote] : [close: refuse('tls')]
}

proxy_connect_error { [close: refuse('tls-80')] }
