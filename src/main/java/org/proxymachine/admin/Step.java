package org.proxymachine.admin;

/**
 * What happened to a session.
 *
 * @param nanos from its accept
 * @param call what the router was asked; empty for an event that is no answer
 * @param bytes how many the client had sent by then
 * @param tookNanos what the router needed
 * @param what an {@link Outline}, or the event: text, or what gives it
 * @param times how often in a row
 */
record Step(long nanos, String call, long bytes, long tookNanos, Object what, int times) {
    /** What is kept of a text, which may hold what a client said. */
    private static final int MAX_CHARS = 1_000;

    static Step event(long nanos, long bytes, Object what) {
        return new Step(nanos, "", bytes, 0, what instanceof String text ? bounded(text) : what, 1);
    }

    static String bounded(String text) {
        return text.length() <= MAX_CHARS ? text : text.substring(0, MAX_CHARS) + "…";
    }

    boolean isAnswer() {
        return !call.isEmpty();
    }

    boolean repeats(Step other) {
        return isAnswer() && what == Outline.WAIT && other.what == Outline.WAIT && call.equals(other.call);
    }

    Step again(Step next) {
        return new Step(nanos, call, next.bytes, tookNanos + next.tookNanos, what, times + 1);
    }
}
