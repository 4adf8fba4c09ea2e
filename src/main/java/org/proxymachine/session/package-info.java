/** One proxied connection, from accept to close. Knows {@code route} and {@code reactor}. */
@NullMarked
package org.proxymachine.session;

import org.jspecify.annotations.NullMarked;
