/**
 * The admin endpoint: what an operator and a monitoring system may ask of a running daemon, over HTTP and on threads of its
 * own, so that it answers when the loop is stuck. Knows {@code server}, {@code session}, {@code proof} (how answers are
 * written), {@code route} and {@code reactor}. The only place that knows Jetty's server and the Prometheus client.
 */
@NullMarked
package org.proxymachine.admin;

import org.jspecify.annotations.NullMarked;
