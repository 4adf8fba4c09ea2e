// Routes PostgreSQL clients by the database that they name. Encryption is declined, as most clients then go on without.
//
//   bin/proxymachine -c config-examples/postgres.groovy
//   psql 'host=localhost port=5432 user=me dbname=orders sslmode=prefer'

def databases = [
    orders: System.getenv('ORDERS') ?: '127.0.0.1:5433',
    stock: System.getenv('STOCK') ?: '127.0.0.1:5434',
]

proxy { data ->
    def start = postgres(data)
    if (!start) return [close: true]
    if (start.kind in ['ssl', 'gssenc']) return [noop: true, reply: 'N', data: data.drop(start.length)]
    // A cancel request names a process and not a database: whose it is only the servers know.
    if (start.kind == 'cancel') return [close: true]
    def remote = databases[start.database]
    remote ? [remote: remote] : [close: refuse('postgres-3D000', "database \"${start.database}\" does not exist here")]
}

proxy_connect_error { remote -> [close: refuse('postgres', 'the database is down, try again later')] }
