/** Tests of the whole, over real sockets. */
@NullMarked
package org.proxymachine;

import org.jspecify.annotations.NullMarked;
