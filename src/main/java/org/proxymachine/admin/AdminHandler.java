package org.proxymachine.admin;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;
import org.proxymachine.reactor.Exhaustion;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Answers requests. Runs on Jetty's threads, of which what takes time gets a part only: whether the daemon is healthy is answered at once.
 */
final class AdminHandler extends Handler.Abstract {
    private static final Logger LOG = LoggerFactory.getLogger("proxymachine");

    /** The page is whole: nothing is asked of anybody else, and nothing that a client of the proxy says becomes a script. */
    private static final String POLICY = "default-src 'none'; script-src 'self' 'sha256-" + Pages.scriptHash()
            + "'; style-src 'self'; connect-src 'self'; img-src 'self' data:; frame-ancestors 'none'; base-uri 'none';"
            + " form-action 'none'";

    private static final int MAX_ANSWERING = 4;
    private static final int MAX_CHANGING = 2;
    private static final int MAX_WAITING = 200;
    /** Of a body at once: the JDK keeps a buffer outside the heap as large as the largest write of each thread. */
    private static final int WRITE_BYTES = 65_536;

    private static final Reply BUSY = Reply.problem(HttpStatus.SERVICE_UNAVAILABLE_503, "too many requests at a time");

    private final Access access;
    private final Lane answering = new Lane(MAX_ANSWERING, MAX_WAITING);
    private final Lane changing = new Lane(MAX_CHANGING, MAX_WAITING);
    private volatile @Nullable Routes routes;

    AdminHandler(Access access) {
        this.access = access;
    }

    /** Answers from here on. */
    void open(Queries queries, Changes changes) {
        routes = new Routes(queries, changes, access);
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) {
        Connection connection = request.getConnectionMetaData().getConnection();
        Connections connections = request.getConnectionMetaData().getConnector().getBean(Connections.class);
        connections.asked(connection);
        // A reload may take longer than a client may be idle.
        request.addIdleTimeoutListener(timeout -> false);
        Runnable answer = () -> send(reply(request), request, response, callback, connection, connections);
        if (Routes.isHealth(request)) {
            answer.run();
        } else if (!lane(request).offer(getServer().getThreadPool(), answer)) {
            send(BUSY, request, response, callback, connection, connections);
        }
        return true;
    }

    private Lane lane(Request request) {
        return Routes.isQuestion(request) ? answering : changing;
    }

    private Reply reply(Request request) {
        try {
            Access.Refusal refusal = access.look(request);
            if (refusal != null) {
                return Reply.problem(refusal.status(), refusal.problem());
            }
            Routes open = routes;
            return open == null ? Reply.problem(HttpStatus.SERVICE_UNAVAILABLE_503, "starting") : open.reply(request);
        } catch (OutOfMemoryError e) {
            // Jetty would catch it, and go on.
            Exhaustion.endThread(e);
            throw e;
        } catch (RuntimeException | Error e) {
            log(request, e);
            return Reply.problem(
                    HttpStatus.INTERNAL_SERVER_ERROR_500, "a fault of the daemon itself; its log has more");
        }
    }

    private static void log(Request request, Throwable fault) {
        LOG.error(
                "the admin endpoint cannot answer {}: {}", request.getHttpURI().getPath(), fault.toString());
        LOG.debug("in full", fault);
    }

    private static void finish(Reply reply, Request request) {
        try {
            reply.then().run();
        } catch (RuntimeException e) {
            log(request, e);
        }
    }

    private static void send(
            Reply reply,
            Request request,
            Response response,
            Callback callback,
            Connection connection,
            Connections connections) {
        connections.answered(connection, reply.body().length);
        Callback taken = Callback.from(() -> connections.taken(connection), callback);
        write(response, reply, Callback.from(taken, () -> finish(reply, request)));
    }

    private static void write(Response response, Reply reply, Callback callback) {
        response.setStatus(reply.status());
        response.getHeaders().put(HttpHeader.CONTENT_TYPE, reply.type());
        response.getHeaders().put(HttpHeader.CONTENT_LENGTH, reply.body().length);
        response.getHeaders().put(HttpHeader.CACHE_CONTROL, "no-store");
        response.getHeaders().put("Content-Security-Policy", POLICY);
        response.getHeaders().put("X-Content-Type-Options", "nosniff");
        response.getHeaders().put("Referrer-Policy", "no-referrer");
        for (HttpField each : reply.fields()) {
            response.getHeaders().put(each);
        }
        Content.copy(Content.Source.from(slices(reply.body())), response, callback);
    }

    private static ByteBuffer[] slices(byte[] body) {
        List<ByteBuffer> slices = new ArrayList<>();
        for (int i = 0; i < body.length; i += WRITE_BYTES) {
            slices.add(ByteBuffer.wrap(body, i, Math.min(WRITE_BYTES, body.length - i))
                    .slice());
        }
        return slices.toArray(ByteBuffer[]::new);
    }
}
