/** Addresses as text: read in each of their forms, and written in one. Knows nothing of the rest. */
@NullMarked
package org.proxymachine.address;

import org.jspecify.annotations.NullMarked;
