package org.proxymachine.admin;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * How the last reload went.
 *
 * @param last when; null if there was none
 * @param problem as one line; null if all was well
 */
record Reloads(@Nullable Instant last, @Nullable String problem) {
    static final Reloads NONE = new Reloads(null, null);
}
