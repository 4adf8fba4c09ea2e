/** Tests of the address package. */
@NullMarked
package org.proxymachine.address;

import org.jspecify.annotations.NullMarked;
