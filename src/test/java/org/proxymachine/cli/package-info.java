/** Tests of the cli package. */
@NullMarked
package org.proxymachine.cli;

import org.jspecify.annotations.NullMarked;
