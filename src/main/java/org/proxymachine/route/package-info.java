/** What a routing decision is, and who is asked for one. Knows no other package of the project. */
@NullMarked
package org.proxymachine.route;

import org.jspecify.annotations.NullMarked;
