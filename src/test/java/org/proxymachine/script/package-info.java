/** Tests of the script package. */
@NullMarked
package org.proxymachine.script;

import org.jspecify.annotations.NullMarked;
