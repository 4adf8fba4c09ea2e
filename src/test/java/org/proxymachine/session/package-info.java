/** Tests of the session package. */
@NullMarked
package org.proxymachine.session;

import org.jspecify.annotations.NullMarked;
