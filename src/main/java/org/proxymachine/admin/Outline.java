package org.proxymachine.admin;

import org.jspecify.annotations.Nullable;
import org.proxymachine.proof.Answer;
import org.proxymachine.route.Decision;

/**
 * A decision without its bytes, of which it keeps the number: they may be many, and are for the two sides alone.
 *
 * @param decision without bytes; null if the router failed
 * @param failure why it did; null if it did not
 * @param data how many bytes take the place of what came; -1 for none
 * @param reply how many the client gets; -1 for none
 */
record Outline(@Nullable Decision decision, @Nullable String failure, int data, int reply) {
    /** Mostly it is this. */
    static final Outline WAIT = new Outline(Decision.await(), null, -1, -1);

    /** The answer will come from another thread. */
    static final Outline LATER = new Outline(null, null, -1, -1);

    static Outline of(Decision decision) {
        if (decision instanceof Decision.Pending) {
            return LATER;
        }
        if (decision instanceof Decision.Wait wait) {
            return wait.data() == null && wait.reply() == null
                    ? WAIT
                    : new Outline(Decision.await(), null, length(wait.data()), length(wait.reply()));
        }
        if (decision instanceof Decision.Connect connect && (connect.data() != null || connect.reply() != null)) {
            Decision bare = new Decision.Connect(connect.destinations(), null, null, connect.policy(), connect.tag());
            return new Outline(bare, null, length(connect.data()), length(connect.reply()));
        }
        if (decision instanceof Decision.Close close && close.bytes() != null) {
            return new Outline(new Decision.Close(null, close.tag()), null, -1, length(close.bytes()));
        }
        return new Outline(decision, null, -1, -1);
    }

    static Outline failed(String problem) {
        return new Outline(null, Step.bounded(problem), -1, -1);
    }

    private static int length(byte @Nullable [] bytes) {
        return bytes == null ? -1 : bytes.length;
    }

    /** Returns it as {@code proxymachine try} shows it, but for the bytes. */
    @Override
    public String toString() {
        if (decision == null && failure == null) {
            return "later, from a future";
        }
        return new Answer(0, decision, failure) + size("data", data) + size("reply", reply);
    }

    private static String size(String key, int bytes) {
        return bytes < 0 ? "" : " " + key + " of " + bytes + " bytes";
    }
}
