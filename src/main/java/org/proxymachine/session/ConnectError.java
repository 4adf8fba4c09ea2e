package org.proxymachine.session;

import java.net.ConnectException;

/**
 * Why a connect failed. Of most kinds the JDK tells only the words of strerror(3); what those mean is known here and
 * nowhere else.
 */
enum ConnectError {
    REFUSED(CloseReason.CONNECT_REFUSED, "Connection refused", ""),
    TIMED_OUT(CloseReason.CONNECT_TIMEOUT, "Connection timed out", ""),
    /** EAGAIN of a unix socket (connect(2)). */
    BACKLOG_FULL(CloseReason.CONNECT_FAILED, "Resource temporarily unavailable", "its backlog is full"),
    /** EADDRNOTAVAIL: of the ephemeral range, or of the family. */
    NO_LOCAL_ADDRESS(
            CloseReason.CONNECT_FAILED, "Cannot assign requested address", "no local port or address is free for it"),
    /** EMFILE and ENFILE. */
    NO_DESCRIPTOR(CloseReason.CONNECT_FAILED, "Too many open files", "no descriptor is free for it"),
    /** ENOBUFS and ENOMEM. */
    NO_BUFFERS(CloseReason.CONNECT_FAILED, "No buffer space available", "the system has no memory for it"),
    NO_MEMORY(CloseReason.CONNECT_FAILED, "Cannot allocate memory", "the system has no memory for it"),
    OTHER(CloseReason.CONNECT_FAILED, "", "");

    private final CloseReason reason;
    private final String words;
    private final String meaning;

    ConnectError(CloseReason reason, String words, String meaning) {
        this.reason = reason;
        this.words = words;
        this.meaning = meaning;
    }

    /** Returns the kind of what socket(2), connect(2) or the JDK said. */
    static ConnectError of(Exception failure) {
        String said = String.valueOf(failure.getMessage());
        for (ConnectError each : values()) {
            if (each != OTHER && said.contains(each.words)) {
                return each;
            }
        }
        // The JDK throws this for ECONNREFUSED and ETIMEDOUT, and the system may speak another language. Whoever waits
        // for minutes mostly has a connect timeout, so the other it is.
        return failure instanceof ConnectException ? REFUSED : OTHER;
    }

    CloseReason reason() {
        return reason;
    }

    /** Returns what to tell of a failure of this kind, in one line. */
    String text(Exception failure) {
        String said = failure.getMessage() != null ? failure.getMessage() : failure.toString();
        return meaning.isEmpty() ? said : meaning + " (" + said + ")";
    }
}
