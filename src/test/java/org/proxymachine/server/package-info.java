/** Tests of the server package. */
@NullMarked
package org.proxymachine.server;

import org.jspecify.annotations.NullMarked;
