/** The event loop: selector, timers, buffers. Knows no other package of the project. */
@NullMarked
package org.proxymachine.reactor;

import org.jspecify.annotations.NullMarked;
