package org.proxymachine.sniff;

/**
 * The request line of HTTP/1 (RFC 9112, section 3). Some servers take blanks within a target, and the others answer them
 * with 400, so the version is the last word.
 *
 * @param method a token
 * @param target a binary string, and not empty
 * @param version such as {@code 1.1}
 */
record HttpLine(String method, String target, String version) {
    private static final String VERSION = "HTTP/1.";

    /** Reads a line and its end. Copies nothing before its end has come. */
    static HttpLine read(Cursor head) {
        int start = head.position();
        head.past(' ', Http::isToken);
        int methodBytes = head.position() - start - 1;
        head.check(methodBytes > 0 && !isGit(head.from(start)));
        head.scan(Ascii::isLineEnd);
        String line = head.since(start);
        int end = beforeBlanks(line, line.length());
        int version = line.lastIndexOf(' ', end - 1) + 1;
        head.check(isVersion(line, version, end));
        int targetEnd = beforeBlanks(line, version);
        head.check(targetEnd > methodBytes);
        HttpHead.endLine(head);
        return new HttpLine(
                line.substring(0, methodBytes),
                line.substring(behindBlanks(line, methodBytes), targetEnd),
                line.substring(version + VERSION.indexOf('1'), end));
    }

    private static int beforeBlanks(String line, int end) {
        int at = end;
        while (at > 0 && Ascii.isBlank(line.charAt(at - 1))) {
            at--;
        }
        return at;
    }

    private static int behindBlanks(String line, int start) {
        int at = start;
        while (Ascii.isBlank(line.charAt(at))) {
            at++;
        }
        return at;
    }

    // Git's request looks like a method and the begin of a target, and may have no end of a line to tell that it is
    // none.
    private static boolean isGit(Cursor method) {
        for (int i = 0; i < 4; i++) {
            if (Character.digit(method.u8(), 16) < 0) {
                return false;
            }
        }
        return method.u8() == 'g' && method.u8() == 'i' && method.u8() == 't' && method.u8() == '-';
    }

    private static boolean isVersion(String line, int start, int end) {
        int digits = start + VERSION.length();
        if (digits >= end || !line.startsWith(VERSION, start)) {
            return false;
        }
        for (int i = digits; i < end; i++) {
            if (!Ascii.isDigit(line.charAt(i))) {
                return false;
            }
        }
        return true;
    }
}
