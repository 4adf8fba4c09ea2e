/** What the system that runs the daemon sees of it and gives it: process title, pid file, systemd's protocols. */
@NullMarked
package org.proxymachine.service;

import org.jspecify.annotations.NullMarked;
