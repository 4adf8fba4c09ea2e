package org.proxymachine.reactor;

/** The time that deadlines are measured in. */
@FunctionalInterface
public interface Clock {

    /** Returns nanoseconds since some fixed moment; only differences have a meaning. */
    long nanoTime();

    /** Returns the clock of this machine. */
    static Clock system() {
        return System::nanoTime;
    }
}
