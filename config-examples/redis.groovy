// Sends Redis clients to the server of the user as whom they authenticate.
//
//   bin/proxymachine -c config-examples/redis.groovy
//   redis-cli -p 5432 --user alice --pass secret ping

def servers = [
    alice: System.getenv('ALICE') ?: '127.0.0.1:6379',
    bob: System.getenv('BOB') ?: '127.0.0.1:6380',
]

proxy { data ->
    def first = redis(data)
    if (!first) return [close: true]
    if (!first.user) return [close: refuse('redis-NOAUTH', 'Authentication required.')]
    def remote = servers[first.user]
    remote ? [remote: remote] : [close: refuse('redis-WRONGPASS', 'no such user')]
}

proxy_connect_error { [close: refuse('redis', 'the server is down, try again later')] }
