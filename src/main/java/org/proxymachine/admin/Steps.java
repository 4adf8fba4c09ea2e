package org.proxymachine.admin;

import java.util.ArrayList;
import java.util.List;

/** What happened to a session, in order. Of a dialogue that goes on for ever it is how it began, and how it went last. */
final class Steps {
    static final int MAX = 64;

    private final List<Step> steps = new ArrayList<>(4);
    private int leftOut;

    synchronized void add(Step step) {
        int last = steps.size() - 1;
        if (last >= 0 && steps.get(last).repeats(step)) {
            steps.set(last, steps.get(last).again(step));
            return;
        }
        if (steps.size() == MAX) {
            steps.remove(MAX / 2);
            leftOut++;
        }
        steps.add(step);
    }

    synchronized List<Step> all() {
        return List.copyOf(steps);
    }

    /** Returns how many are not among them, for there were too many. */
    synchronized int leftOut() {
        return leftOut;
    }
}
