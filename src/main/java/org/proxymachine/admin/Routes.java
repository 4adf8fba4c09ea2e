package org.proxymachine.admin;

import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpMethod;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.util.Fields;
import org.jspecify.annotations.Nullable;

/** From a request's path and method to its reply. On any thread. */
final class Routes {
    private static final String SESSIONS = "/sessions/";
    private static final String HEALTH = "/healthz";
    private static final String READINESS = "/readyz";
    private static final String LOOKING = "GET, HEAD, OPTIONS";

    private final Queries queries;
    private final Changes changes;
    private final Access access;

    Routes(Queries queries, Changes changes, Access access) {
        this.queries = queries;
        this.changes = changes;
        this.access = access;
    }

    /** Whether this asks for the daemon's health, which takes no time. */
    static boolean isHealth(Request request) {
        String path = path(request);
        return path.equals(HEALTH) || path.equals(READINESS);
    }

    /** Whether this changes nothing. */
    static boolean isQuestion(Request request) {
        return isLooking(request) || HttpMethod.OPTIONS.is(request.getMethod());
    }

    // Reverse proxies that take a prefix off leave two slashes, and people end with one what is no directory.
    private static String path(Request request) {
        String path = Request.getPathInContext(request).replaceAll("/{2,}", "/");
        return path.length() > 1 && path.endsWith("/") ? path.substring(0, path.length() - 1) : path;
    }

    Reply reply(Request request) {
        Fields query;
        try {
            query = Request.extractQueryParameters(request);
        } catch (RuntimeException e) {
            return Reply.problem(HttpStatus.BAD_REQUEST_400, "the query is malformed");
        }
        String path = path(request);
        return switch (path) {
            case "*" -> options(LOOKING);
            case "/status" -> asked(request, queries::status);
            case "/metrics" -> asked(request, () -> queries.metrics(accepted(request)));
            case HEALTH -> health(request, queries::healthz);
            case READINESS -> health(request, queries::readyz);
            case "/drain" -> changed(request, HttpMethod.POST, changes::drain);
            case "/reload" -> changed(request, HttpMethod.POST, changes::reload);
            case "/sessions" -> sessions(request, query);
            default ->
                path.startsWith(SESSIONS) ? session(request, path.substring(SESSIONS.length())) : page(request, path);
        };
    }

    private static String accepted(Request request) {
        return request.getHeaders().getFields(HttpHeader.ACCEPT).stream()
                .map(HttpField::getValue)
                .collect(Collectors.joining(","));
    }

    // HAProxy's httpchk asks by OPTIONS unless it is told otherwise, and has to hear the same.
    private static Reply health(Request request, Supplier<Reply> query) {
        return HttpMethod.OPTIONS.is(request.getMethod())
                ? query.get().with(HttpHeader.ALLOW, LOOKING)
                : asked(request, query);
    }

    private Reply sessions(Request request, Fields query) {
        return HttpMethod.DELETE.is(request.getMethod())
                ? changed(request, HttpMethod.DELETE, () -> changes.closeAll(query))
                : asked(request, () -> queries.sessions(query));
    }

    private Reply session(Request request, String number) {
        long id;
        try {
            id = Long.parseLong(number);
        } catch (NumberFormatException e) {
            return Reply.problem(HttpStatus.NOT_FOUND_404, "expected the number of a session, was \"" + number + "\"");
        }
        return HttpMethod.DELETE.is(request.getMethod())
                ? changed(request, HttpMethod.DELETE, () -> changes.close(id))
                : asked(request, () -> queries.session(id));
    }

    private static Reply page(Request request, String path) {
        Reply page = Pages.at(path);
        if (page == null) {
            return Reply.problem(HttpStatus.NOT_FOUND_404, "nothing is here: " + path);
        }
        // What the page names is beside it.
        return path.length() > 1 && Request.getPathInContext(request).endsWith("/")
                ? Reply.line(HttpStatus.PERMANENT_REDIRECT_308, "moved").with(HttpHeader.LOCATION, ".." + path)
                : asked(request, () -> page);
    }

    private static Reply asked(Request request, Supplier<Reply> query) {
        if (isLooking(request)) {
            return query.get();
        }
        return HttpMethod.OPTIONS.is(request.getMethod())
                ? options(LOOKING)
                : wrongMethod("GET, HEAD", request.getMethod());
    }

    private static boolean isLooking(Request request) {
        return HttpMethod.GET.is(request.getMethod()) || HttpMethod.HEAD.is(request.getMethod());
    }

    private Reply changed(Request request, HttpMethod method, Supplier<Reply> change) {
        if (HttpMethod.OPTIONS.is(request.getMethod())) {
            return options(method + ", OPTIONS");
        }
        if (!method.is(request.getMethod())) {
            return wrongMethod(method.asString(), request.getMethod());
        }
        Access.Refusal refusal = access.change(request);
        if (refusal == null) {
            return change.get();
        }
        Reply reply = Reply.problem(refusal.status(), refusal.problem());
        return refusal.status() == HttpStatus.UNAUTHORIZED_401
                ? reply.with(HttpHeader.WWW_AUTHENTICATE, "Bearer")
                : reply;
    }

    private static Reply options(String allowed) {
        return Reply.line(HttpStatus.OK_200, allowed).with(HttpHeader.ALLOW, allowed);
    }

    private static Reply wrongMethod(String allowed, @Nullable String method) {
        return Reply.problem(HttpStatus.METHOD_NOT_ALLOWED_405, "expected " + allowed + ", was " + method)
                .with(HttpHeader.ALLOW, allowed);
    }
}
