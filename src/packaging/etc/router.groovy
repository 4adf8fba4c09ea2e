// Where each connection goes: see /usr/share/doc/proxymachine/README.md, and the examples beside it.
// Try a change with: proxymachine check -c FILE. Then: systemctl reload proxymachine, or service proxymachine reload.

proxy { data ->
    // Nobody is let through until you say where to. For instance:
    // def request = http(data)
    // if (!request) return [close: true]
    // [remote: request.host == 'app.example.org' ? '10.0.0.1:80' : '10.0.0.2:80', connect_timeout: 5]
    [close: true]
}
