/** The command: options, signals, exit codes. The only place that ends the process. */
@NullMarked
package org.proxymachine.cli;

import org.jspecify.annotations.NullMarked;
