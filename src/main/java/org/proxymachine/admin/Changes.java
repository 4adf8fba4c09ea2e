package org.proxymachine.admin;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.util.Fields;
import org.jspecify.annotations.Nullable;
import org.proxymachine.route.Destination;
import org.proxymachine.session.Session;

/** What can be done to a daemon. */
final class Changes {
    /** What the loop is waited for: one that is stuck for longer is said to be. */
    private static final long PATIENCE_SECONDS = 3;

    private static final double NANOS = TimeUnit.SECONDS.toNanos(1);

    private final Watched daemon;
    private final Control control;
    /** How many requests wait for a reload. */
    private final AtomicInteger waiting = new AtomicInteger();

    Changes(Watched daemon, Control control) {
        this.daemon = daemon;
        this.control = control;
    }

    Reply drain() {
        Reply reply = Reply.json(HttpStatus.ACCEPTED_202, Map.of("draining", true));
        return daemon.server().isDraining() ? reply : reply.then(control::drain);
    }

    /** One at a time, for each takes a thread; but beside one that hangs the next waits to take its place. */
    Reply reload() {
        int most = control.reloadHangs() ? 2 : 1;
        if (waiting.getAndUpdate(count -> count < most ? count + 1 : count) >= most) {
            return Reply.problem(HttpStatus.CONFLICT_409, "a reload is under way");
        }
        try {
            return reloaded();
        } finally {
            waiting.decrementAndGet();
        }
    }

    private Reply reloaded() {
        long startNanos = System.nanoTime();
        String problem = control.reload();
        if (problem != null) {
            Map<String, Object> json = new LinkedHashMap<>();
            json.put("reloaded", false);
            json.put("error", problem);
            return Reply.json(HttpStatus.UNPROCESSABLE_ENTITY_422, json);
        }
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("reloaded", true);
        json.put("seconds", (System.nanoTime() - startNanos) / NANOS);
        return Reply.json(json);
    }

    Reply close(long id) {
        return closed(session -> session.id() == id, Queries.noSession(id));
    }

    /** Closes all of a backend. A filter that it does not know would have it close more than were meant. */
    Reply closeAll(Fields query) {
        String backend = query.getValue("backend");
        if (backend == null || query.getSize() > 1) {
            return Reply.problem(
                    HttpStatus.BAD_REQUEST_400,
                    "expected ?backend=host:port alone, was "
                            + (query.isEmpty() ? "nothing" : String.join(", ", query.getNames())));
        }
        try {
            Destination destination = destination(backend);
            return closed(session -> destination.equals(session.destination()), null);
        } catch (IllegalArgumentException e) {
            return Reply.problem(HttpStatus.BAD_REQUEST_400, String.valueOf(e.getMessage()));
        }
    }

    /**
     * Returns the destination that is meant, in whatever form an address is written.
     *
     * @throws IllegalArgumentException with one line that says what was expected and found
     */
    static Destination destination(String backend) {
        try {
            return Destination.parse(backend);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("backend: " + e.getMessage(), e);
        }
    }

    private Reply closed(Predicate<Session> which, @Nullable Reply otherwise) {
        CompletableFuture<Integer> closed = daemon.server().close(which);
        try {
            int count = closed.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
            return count == 0 && otherwise != null ? otherwise : Reply.json(Map.of("closed", count));
        } catch (TimeoutException e) {
            return Reply.problem(HttpStatus.GATEWAY_TIMEOUT_504, "the loop is stuck; it is done once it is not");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Reply.problem(HttpStatus.SERVICE_UNAVAILABLE_503, "the daemon ends");
        } catch (ExecutionException e) {
            throw new IllegalStateException(e);
        }
    }
}
