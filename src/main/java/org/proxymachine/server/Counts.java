package org.proxymachine.server;

/**
 * How many connections there are.
 *
 * @param current now
 * @param maximum the most there were at one time
 * @param total in all
 */
public record Counts(int current, int maximum, long total) {

    /** Returns them as the Ruby original wrote them: {@code current/maximum/total}. */
    @Override
    public String toString() {
        return current + "/" + maximum + "/" + total;
    }
}
