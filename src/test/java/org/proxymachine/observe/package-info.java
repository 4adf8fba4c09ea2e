/** Tests of the observe package. */
@NullMarked
package org.proxymachine.observe;

import org.jspecify.annotations.NullMarked;
