/** What is said about sessions: listeners, and the log they write to. */
@NullMarked
package org.proxymachine.observe;

import org.jspecify.annotations.NullMarked;
