/** Tests of the route package. */
@NullMarked
package org.proxymachine.route;

import org.jspecify.annotations.NullMarked;
