/** What a routing decision is, and who is asked for one. Knows {@code address} alone. */
@NullMarked
package org.proxymachine.route;

import org.jspecify.annotations.NullMarked;
