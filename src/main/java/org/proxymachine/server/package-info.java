/** The daemon's life: listening, the sessions there are, reload, drain, stop. */
@NullMarked
package org.proxymachine.server;

import org.jspecify.annotations.NullMarked;
