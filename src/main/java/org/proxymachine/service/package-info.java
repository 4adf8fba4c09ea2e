/** What the system that runs the daemon sees of it: the process title, the pid file. */
@NullMarked
package org.proxymachine.service;

import org.jspecify.annotations.NullMarked;
