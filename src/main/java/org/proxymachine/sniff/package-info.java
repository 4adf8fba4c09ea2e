/**
 * Parsers of what clients say first: bytes in; a value, "not this protocol" or "more, please" out. Knows nothing of the
 * rest.
 *
 * <p>All are pure functions of the bytes so far, so chunk boundaries cannot matter; bounded; quiet on garbage; and they
 * never look past their message.
 */
@NullMarked
package org.proxymachine.sniff;

import org.jspecify.annotations.NullMarked;
