package org.proxymachine.admin;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.util.ajax.JSON;
import org.jspecify.annotations.Nullable;

/** What is answered to a request of HTTP. */
@SuppressWarnings("ArrayRecordComponent") // Written once, never compared.
record Reply(int status, String type, byte[] body, List<HttpField> fields, Runnable then) {
    private static final String TEXT = "text/plain; charset=utf-8";
    private static final String JSON_TYPE = "application/json";
    private static final JSON WRITER = new JSON();

    Reply(int status, String type, byte[] body) {
        this(status, type, body, List.of(), () -> {});
    }

    /** Returns the same with a header. */
    Reply with(HttpHeader name, String value) {
        List<HttpField> all = new ArrayList<>(fields);
        all.add(new HttpField(name, value));
        return new Reply(status, type, body, all, then);
    }

    /** Returns the same, after which this is done: what may end the process must not overtake what is said of it. */
    Reply then(Runnable next) {
        return new Reply(status, type, body, fields, next);
    }

    static Reply json(int status, Map<String, ? extends @Nullable Object> json) {
        return of(status, JSON_TYPE, WRITER.toJSON(json) + "\n");
    }

    static Reply json(Map<String, ? extends @Nullable Object> json) {
        return json(HttpStatus.OK_200, json);
    }

    static Reply problem(int status, String line) {
        return json(status, Map.of("error", line));
    }

    static Reply line(int status, String line) {
        return of(status, TEXT, line + "\n");
    }

    static Reply of(int status, String type, String body) {
        return new Reply(status, type, body.getBytes(StandardCharsets.UTF_8));
    }
}
