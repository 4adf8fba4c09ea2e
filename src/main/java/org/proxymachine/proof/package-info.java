/**
 * Proves routers right before they are live: talks to them as clients would, without a connection, and holds what they
 * say against cases. Knows what a decision is, and nothing of scripts or sockets.
 */
@NullMarked
package org.proxymachine.proof;

import org.jspecify.annotations.NullMarked;
