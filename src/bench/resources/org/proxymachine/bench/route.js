const backends = { 'app1.example': '127.0.0.1:@http@', 'idle.example': '127.0.0.1:@idle@' };

function route(s) {
  let seen = '';
  s.on('upload', function (data, flags) {
    seen += data;
    const host = seen.match(/\r\nHost: ([^\r]+)\r\n/);
    if (host) {
      s.variables.target = backends[host[1]];
    } else if (seen.length > 36 && seen[36] === '\0') {
      s.variables.target = '127.0.0.1:@bulk@';
    } else {
      return;
    }
    s.off('upload');
    s.done();
  });
}

export default { route };
