// Asks a table that takes its time (a database, an LDAP server, a file on NFS) without holding up anybody: the block
// returns a future, and only this client waits for it.
//
//   printf 'alice 127.0.0.1:8001\nbob 127.0.0.1:8002\n' > /tmp/tenants
//   TENANTS=/tmp/tenants bin/proxymachine -c config-examples/lookup.groovy
//   curl localhost:5432/alice/

import java.util.concurrent.CompletableFuture
import java.util.concurrent.LinkedBlockingQueue
import java.util.concurrent.ThreadPoolExecutor
import java.util.concurrent.TimeUnit

// Threads that end when idle: a reload makes a new pool, and the old one must be free to go.
def pool = new ThreadPoolExecutor(4, 4, 10, TimeUnit.SECONDS, new LinkedBlockingQueue(1000), { work ->
    def thread = new Thread(work, 'lookup')
    thread.daemon = true
    thread
})
pool.allowCoreThreadTimeOut(true)

def table = new File(System.getenv('TENANTS') ?: '/tmp/tenants')

// Runs on the pool, so it may block.
def lookUp = { tenant ->
    def row = table.readLines()*.tokenize().find { it[0] == tenant }
    row ? [remote: row[1]] : [close: 'HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\nConnection: close\r\n\r\n']
}

proxy { data ->
    def request = data =~ /^[A-Z]+ \/([^\/ ]*)[^\r\n]*\r?\n/
    if (request.find()) {
        def tenant = request.group(1)
        return CompletableFuture.supplyAsync({ lookUp(tenant) }, pool)
    }
    data.size() > 8192 ? [close: true] : null
}
