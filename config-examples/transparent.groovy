// Sends everybody to one place, whatever they say, and before they say it: protocols in which the server speaks first
// (SSH, SMTP, MySQL) work too.
//
//   REMOTE=127.0.0.1:22 bin/proxymachine -c config-examples/transparent.groovy
//   ssh -p 5432 localhost

def remote = System.getenv('REMOTE') ?: '127.0.0.1:22'

proxy_accept { conn -> [remote: remote] }

proxy { data -> [remote: remote] }
