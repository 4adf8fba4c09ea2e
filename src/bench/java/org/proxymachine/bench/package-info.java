/** The benchmark: this proxy and its peers, measured in turn on one machine. Started by {@code bin/benchmark}. */
@NullMarked
package org.proxymachine.bench;

import org.jspecify.annotations.NullMarked;
