/** Tests of the reactor package. */
@NullMarked
package org.proxymachine.reactor;

import org.jspecify.annotations.NullMarked;
