def backends = ['app1.example': '127.0.0.1:@http@', 'idle.example': '127.0.0.1:@idle@']

proxy { data ->
    def host = data =~ /\r\nHost: ([^\r]+)\r\n/
    if (host.find()) return [remote: backends[host.group(1)]]
    if (data.size() > 36 && data[36] == '\0') return [remote: '127.0.0.1:@bulk@']
    null
}
