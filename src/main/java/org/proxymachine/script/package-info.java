/** Routing scripts: loading, calling, turning their answers into decisions. The only package that knows Groovy. */
@NullMarked
package org.proxymachine.script;

import org.jspecify.annotations.NullMarked;
