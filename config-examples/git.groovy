// Sends git clients to the file server of the user that the path names: /alice/repo to one, /bob/repo to the other.
//
//   git daemon --base-path=/srv/git1 --export-all --enable=receive-pack --listen=127.0.0.1 --port=9418 &
//   git daemon --base-path=/srv/git2 --export-all --enable=receive-pack --listen=127.0.0.1 --port=9419 &
//   bin/proxymachine -c config-examples/git.groovy
//   git clone git://localhost:5432/alice/repo
//
// A request is a pkt-line: four hex digits of length, "git-upload-pack /alice/repo\0host=...\0"
// (gitprotocol-pack(5), "Git Transport").

def servers = [
    alice: System.getenv('ALICE') ?: '127.0.0.1:9418',
    bob: System.getenv('BOB') ?: '127.0.0.1:9419',
]

def error = { message -> String.format('%04xERR %s\n', message.size() + 9, message) }

proxy { data ->
    // Said as early as one byte allows, so that nobody waits for a length that a stranger made up.
    if (!(data.take(4) ==~ /[0-9a-f]*/) || !'git-'.startsWith(data.drop(4).take(4))) {
        return [close: error('bad request')]
    }
    if (data.size() < 4) {
        return null
    }
    def length = Integer.parseInt(data[0..3], 16)
    if (length < 4 || length > 4096) {
        return [close: error('bad request')]
    }
    if (data.size() < length) {
        return null
    }
    def request = data.substring(4, length) =~ /^git-(?:upload-pack|receive-pack|upload-archive) \/([^\/\x00]+)\//
    def server = request.find() ? servers[request.group(1)] : null
    server ? [remote: server, connect_timeout: 5] : [close: error('no such user')]
}

proxy_connect_error { remote ->
    [close: error('the file server is down, try again later')]
}
