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
                HttpLine.read(head);
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

    private static Http read(Cursor head, int length) {
        while (Ascii.isLineEnd(head.peek())) {
            endLine(head);
        }
        HttpLine start = HttpLine.read(head);
        HttpFields fields = new HttpFields();
        String line = line(head);
        while (!line.isEmpty()) {
            fields.take(line);
            line = line(head);
        }
        HttpTarget target = HttpTarget.of(start.target(), start.method());
        if (start.target().indexOf(' ') >= 0) {
            fields.odd("target");
        }
        Authority authority = target.hasAuthority() ? target.authority() : fields.authority();
        return new Http(
                start.method(),
                target.text(),
                target.path(),
                start.version(),
                authority == null ? null : authority.host(),
                authority == null ? null : authority.port(),
                fields.values(),
                fields.oddities(),
                length);
    }

    /** RFC 9112, section 2.2: a line feed alone may be taken for the end of a line. */
    static void endLine(Cursor head) {
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
