package org.proxymachine.route;

import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** What a router answers. The byte arrays belong to the decision: nobody changes them. */
@SuppressWarnings(
        "ArrayRecordComponent") // Bytes are moved, never compared; a copy per decision would cost and gain nothing.
public sealed interface Decision {

    /**
     * Connect to the first destination that accepts, and splice.
     *
     * @param destinations at least one, tried in order
     * @param data what the backend gets first, in place of what the client sent so far; null for just that
     * @param reply what the client gets once the backend is connected, before anything the backend says
     * @param tag what the logs shall say of the session, in the router's own words; null for nothing
     */
    record Connect(
            List<Destination> destinations,
            byte @Nullable [] data,
            byte @Nullable [] reply,
            ConnectPolicy policy,
            @Nullable String tag)
            implements Decision {
        /** @throws IllegalArgumentException if there is no destination */
        public Connect {
            destinations = List.copyOf(destinations);
            if (destinations.isEmpty()) {
                throw new IllegalArgumentException("remote must name at least one destination, was []");
            }
        }

        /** A decision of which the logs say nothing in particular. */
        public Connect(
                List<Destination> destinations, byte @Nullable [] data, byte @Nullable [] reply, ConnectPolicy policy) {
            this(destinations, data, reply, policy, null);
        }
    }

    /**
     * Wait for more bytes of the client.
     *
     * @param data what takes the place of the bytes received so far; null to keep them
     * @param reply what the client gets now
     */
    record Wait(byte @Nullable [] data, byte @Nullable [] reply) implements Decision {}

    /**
     * Close the connection.
     *
     * @param bytes what the client gets first; null for nothing
     * @param tag as with {@link Connect}
     */
    record Close(byte @Nullable [] bytes, @Nullable String tag) implements Decision {
        /** A decision of which the logs say nothing in particular. */
        public Close(byte @Nullable [] bytes) {
            this(bytes, null);
        }
    }

    /**
     * The answer comes later, from whichever thread. It may fail with a {@link RoutingException}.
     *
     * @param callOff to be run when nobody waits for it any more
     */
    record Pending(CompletionStage<Decision> answer, Runnable callOff) implements Decision {
        /** An answer that nothing needs to know of when nobody waits for it. */
        public Pending(CompletionStage<Decision> answer) {
            this(answer, () -> {});
        }

        /** Returns the same for who waits for this stage, which follows the answer. */
        public Pending followedBy(CompletionStage<Decision> next) {
            return new Pending(next, callOff);
        }

        /** Returns what an answer failed with, out of what a stage before it may have wrapped it in. */
        public static Throwable cause(Throwable failure) {
            return failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
        }
    }

    /** Returns the decision to wait for more and do nothing else. */
    static Decision await() {
        return Constants.WAIT;
    }

    /** Returns the decision to close without a word. */
    static Decision close() {
        return Constants.CLOSE;
    }
}
