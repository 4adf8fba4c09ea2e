package org.proxymachine.script;

/** Text from outside as a log line shows it: in quotes, bounded. Control characters are the log's to escape. */
final class Quoted {
    private static final int MAX = 80;

    private Quoted() {}

    static String of(String text) {
        return '"' + cut(text) + '"';
    }

    /** Returns it without quotes. */
    static String cut(String text) {
        return text.length() <= MAX ? text : text.substring(0, MAX) + "…";
    }
}
