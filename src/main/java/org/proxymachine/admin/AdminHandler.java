package org.proxymachine.admin;

import java.nio.ByteBuffer;
import java.util.function.Supplier;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpMethod;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.Fields;
import org.jspecify.annotations.Nullable;
import org.proxymachine.reactor.Exhaustion;

/** From a request to its reply. */
final class AdminHandler extends Handler.Abstract {
    private static final String SESSIONS = "/sessions/";

    /** The page is whole: nothing is asked of anybody else, and nothing that a client of the proxy says becomes a script. */
    private static final String POLICY = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self';"
            + " img-src 'self' data:; frame-ancestors 'none'; base-uri 'none'; form-action 'none'";

    /** Who answers. */
    private record Desk(Queries queries, Changes changes) {}

    private final Access access;
    private volatile @Nullable Desk desk;

    AdminHandler(Access access) {
        this.access = access;
    }

    /** Answers from here on. */
    void open(Queries queries, Changes changes) {
        desk = new Desk(queries, changes);
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) {
        // A reload may take longer than a client may be idle.
        request.addIdleTimeoutListener(timeout -> false);
        Reply reply;
        try {
            reply = reply(request, response);
        } catch (OutOfMemoryError e) {
            // Jetty would catch it, and go on.
            Exhaustion.endThread(e);
            throw e;
        }
        response.setStatus(reply.status());
        response.getHeaders().put(HttpHeader.CONTENT_TYPE, reply.type());
        if (ConnectionAge.isOld(request.getConnectionMetaData().getConnection())) {
            response.getHeaders().put(HttpHeader.CONNECTION, "close");
        }
        response.getHeaders().put(HttpHeader.CACHE_CONTROL, "no-store");
        response.getHeaders().put("Content-Security-Policy", POLICY);
        response.getHeaders().put("X-Content-Type-Options", "nosniff");
        response.getHeaders().put("Referrer-Policy", "no-referrer");
        response.write(true, ByteBuffer.wrap(reply.body()), Callback.from(callback, reply.then()));
        return true;
    }

    private Reply reply(Request request, Response response) {
        Access.Refusal refusal = access.look(request);
        if (refusal != null) {
            return Reply.problem(refusal.status(), refusal.problem());
        }
        Desk open = desk;
        if (open == null) {
            return Reply.problem(HttpStatus.SERVICE_UNAVAILABLE_503, "starting");
        }
        Queries queries = open.queries;
        Changes changes = open.changes;
        String path = Request.getPathInContext(request);
        Fields query;
        try {
            query = Request.extractQueryParameters(request);
        } catch (RuntimeException e) {
            return Reply.problem(HttpStatus.BAD_REQUEST_400, "the query is malformed");
        }
        return switch (path) {
            case "/status" -> asked(request, response, queries::status);
            case "/metrics" ->
                asked(
                        request,
                        response,
                        () -> queries.metrics(request.getHeaders().get(HttpHeader.ACCEPT)));
            case "/healthz" -> asked(request, response, queries::healthz);
            case "/readyz" -> asked(request, response, queries::readyz);
            case "/drain" -> changed(request, response, HttpMethod.POST, changes::drain);
            case "/reload" -> changed(request, response, HttpMethod.POST, changes::reload);
            case "/sessions" -> sessions(open, request, response, query);
            default ->
                path.startsWith(SESSIONS)
                        ? session(open, request, response, path.substring(SESSIONS.length()))
                        : page(request, response, path);
        };
    }

    private Reply sessions(Desk open, Request request, Response response, Fields query) {
        return HttpMethod.DELETE.is(request.getMethod())
                ? changed(request, response, HttpMethod.DELETE, () -> open.changes.closeAll(query.getValue("backend")))
                : asked(request, response, () -> open.queries.sessions(query));
    }

    private Reply session(Desk open, Request request, Response response, String number) {
        long id;
        try {
            id = Long.parseLong(number);
        } catch (NumberFormatException e) {
            return Reply.problem(HttpStatus.NOT_FOUND_404, "expected the number of a session, was \"" + number + "\"");
        }
        return HttpMethod.DELETE.is(request.getMethod())
                ? changed(request, response, HttpMethod.DELETE, () -> open.changes.close(id))
                : asked(request, response, () -> open.queries.session(id));
    }

    private static Reply page(Request request, Response response, String path) {
        Reply page = Pages.at(path);
        return page == null
                ? Reply.problem(HttpStatus.NOT_FOUND_404, "nothing is here: " + path)
                : asked(request, response, () -> page);
    }

    private static Reply asked(Request request, Response response, Supplier<Reply> query) {
        String method = request.getMethod();
        return HttpMethod.GET.is(method) || HttpMethod.HEAD.is(method)
                ? query.get()
                : wrongMethod(response, "GET, HEAD", method);
    }

    private Reply changed(Request request, Response response, HttpMethod method, Supplier<Reply> change) {
        if (!method.is(request.getMethod())) {
            return wrongMethod(response, method.asString(), request.getMethod());
        }
        Access.Refusal refusal = access.change(request);
        if (refusal == null) {
            return change.get();
        }
        if (refusal.status() == HttpStatus.UNAUTHORIZED_401) {
            response.getHeaders().put(HttpHeader.WWW_AUTHENTICATE, "Bearer");
        }
        return Reply.problem(refusal.status(), refusal.problem());
    }

    private static Reply wrongMethod(Response response, String allowed, @Nullable String method) {
        response.getHeaders().put(HttpHeader.ALLOW, allowed);
        return Reply.problem(HttpStatus.METHOD_NOT_ALLOWED_405, "expected " + allowed + ", was " + method);
    }
}
