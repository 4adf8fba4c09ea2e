package org.proxymachine.proof;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.proxymachine.route.Client;
import org.proxymachine.route.Router;
import org.proxymachine.route.RoutingException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps what connections say until they are routed, and how, as cases in a directory, so that another script can be
 * shown them. Answers of futures come on threads of their own, so each recording is locked while it is touched.
 */
public final class Recorder implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger("proxymachine");

    private final RecordedCases cases;
    private final Map<Long, Recording> running = new ConcurrentHashMap<>();

    /** A recorder that writes to these. */
    public Recorder(RecordedCases cases) {
        this.cases = cases;
    }

    /** Returns a router that answers as this one, and is recorded. */
    public Router of(Router router) {
        return new RecordedRouter(router, this);
    }

    void begin(Client client, Router router) {
        // Number 0 is no client but a rehearsal.
        if (client.id() > 0) {
            running.put(client.id(), new Recording(client, router, Instant.now()));
        }
    }

    void heard(Client client, byte[] data, int length) {
        Recording recording = running.get(client.id());
        if (recording != null) {
            synchronized (recording) {
                recording.hears(data, length);
                if (recording.isTooLong()) {
                    running.remove(client.id());
                }
            }
        }
    }

    void silent(Client client, @Nullable Duration silence) {
        Recording recording = running.get(client.id());
        if (recording != null) {
            synchronized (recording) {
                recording.isSilent(silence);
            }
        }
    }

    void answered(Client client, Answer answer) {
        Recording recording = running.get(client.id());
        if (recording != null) {
            synchronized (recording) {
                recording.answered(answer);
            }
        }
    }

    /** A session is routed, or has ended before it was. On the reactor's thread, as the router is asked what to keep. */
    public void routed(long clientId) {
        Recording recording = running.remove(clientId);
        if (recording == null) {
            return;
        }
        try {
            synchronized (recording) {
                cases.add(recording.start(), recording.ended());
            }
        } catch (RoutingException e) {
            LOG.warn("id={} is not recorded: {}", clientId, e.getMessage());
        }
    }

    @Override
    public void close() {
        cases.close();
    }
}
