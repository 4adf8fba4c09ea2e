package org.proxymachine.observe;

/** Strings of JSON (RFC 8259, section 7). */
public final class Json {
    private static final String HEX = "0123456789abcdef";

    private Json() {}

    /** Returns the text in quotes, in ASCII: exact for every char, half a surrogate pair included. */
    public static String string(String text) {
        StringBuilder json = new StringBuilder(text.length() + 2).append('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '"' || c == '\\') {
                json.append('\\').append(c);
            } else if (c < ' ' || c >= 0x7f) {
                json.append("\\u");
                for (int shift = 12; shift >= 0; shift -= 4) {
                    json.append(HEX.charAt((c >> shift) & 0xf));
                }
            } else {
                json.append(c);
            }
        }
        return json.append('"').toString();
    }
}
