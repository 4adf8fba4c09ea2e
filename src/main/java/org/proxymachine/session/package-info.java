/** One proxied connection, from accept to close. Knows {@code route}, {@code sniff} and {@code reactor}. */
@NullMarked
package org.proxymachine.session;

import org.jspecify.annotations.NullMarked;
