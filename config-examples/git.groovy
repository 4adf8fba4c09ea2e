// Sends git clients to the file server of the user that the path names: /alice/repo to one, /bob/repo to the other.
//
//   git daemon --base-path=/srv/git1 --export-all --enable=receive-pack --listen=127.0.0.1 --port=9418 &
//   git daemon --base-path=/srv/git2 --export-all --enable=receive-pack --listen=127.0.0.1 --port=9419 &
//   bin/proxymachine -c config-examples/git.groovy
//   git clone git://localhost:5432/alice/repo

def servers = [
    alice: System.getenv('ALICE') ?: '127.0.0.1:9418',
    bob: System.getenv('BOB') ?: '127.0.0.1:9419',
]

proxy { data ->
    def request = git(data)
    if (!request) return [close: refuse('git', 'bad request')]
    def server = servers[request.user]
    server ? [remote: server, connect_timeout: 5] : [close: refuse('git', 'no such user')]
}

proxy_connect_error { remote ->
    [close: refuse('git', 'the file server is down, try again later')]
}
