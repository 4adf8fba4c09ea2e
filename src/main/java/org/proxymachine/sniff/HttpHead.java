package org.proxymachine.sniff;

/** Finds the end of a request's head line by line, going on there when more has come, and then reads it. */
final class HttpHead {
    private boolean started;

    static Http read(Cursor head) {
        head.resume(HttpHead::new).toEnd(head);
        return read(head.from(0), head.position());
    }

    private void toEnd(Cursor head) {
        while (!started) {
            if (Ascii.isLineEnd(head.peek())) {
                endLine(head);
            } else {
                pastStart(head);
                started = true;
            }
            head.commit(this);
        }
        int start = head.position();
        head.past('\n');
        while (!isEmpty(head.from(start), head.position() - start)) {
            head.commit(this);
            start = head.position();
            head.past('\n');
        }
    }

    private static boolean isEmpty(Cursor line, int bytes) {
        return bytes == 1 || (bytes == 2 && line.peek() == '\r');
    }

    private static void pastStart(Cursor head) {
        int start = head.position();
        head.past(' ', Http::isToken);
        head.check(head.position() > start + 1);
        skipBlanks(head);
        HttpTarget.past(head);
        skipBlanks(head);
        version(head);
    }

    private static Http read(Cursor head, int length) {
        while (Ascii.isLineEnd(head.peek())) {
            endLine(head);
        }
        Start start = start(head);
        HttpFields fields = new HttpFields();
        String line = line(head);
        while (!line.isEmpty()) {
            fields.take(line);
            line = line(head);
        }
        HttpTarget target = start.target;
        Authority authority = target.hasAuthority() ? target.authority() : fields.authority();
        return new Http(
                start.method,
                target.text(),
                target.path(),
                start.version,
                authority == null ? null : authority.host(),
                authority == null ? null : authority.port(),
                fields.values(),
                fields.oddities(),
                length);
    }

    private record Start(String method, HttpTarget target, String version) {}

    // A server takes more blanks than one (nginx does), so a client that sends them is one of HTTP.
    private static Start start(Cursor head) {
        String method = head.until(' ', Http::isToken);
        head.check(!method.isEmpty());
        skipBlanks(head);
        HttpTarget target = HttpTarget.read(head, method);
        skipBlanks(head);
        return new Start(method, target, version(head));
    }

    private static String version(Cursor head) {
        head.expect("HTTP/1.");
        int start = head.position();
        head.scan(c -> !Ascii.isDigit(c));
        head.check(head.position() > start);
        String version = "1." + head.since(start);
        skipBlanks(head);
        endLine(head);
        return version;
    }

    private static void skipBlanks(Cursor head) {
        head.scan(c -> c != ' ');
    }

    /** RFC 9112, section 2.2: a line feed alone may be taken for the end of a line. */
    private static void endLine(Cursor head) {
        if (head.peek() == '\r') {
            head.u8();
        }
        head.expect("\n");
    }

    private static String line(Cursor head) {
        String line = head.until('\n');
        return line.endsWith("\r") ? line.substring(0, line.length() - 1) : line;
    }
}
