@NullMarked
package org.proxymachine.proof;

import org.jspecify.annotations.NullMarked;
