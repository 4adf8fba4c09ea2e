package org.proxymachine.bench;

import java.util.List;

/** A way to measure every contestant: one call a contestant and round, in turn. */
interface Measurement {

    /** Returns the word that {@code --only} knows it by. */
    String id();

    /** Returns how it is done, for the report. */
    String method();

    /** Brings a contestant to its steady state; what is measured meanwhile is thrown away. */
    default void warmUp(Field field, Contestant contestant) throws Exception {}

    /** Measures one contestant once. */
    void measure(Field field, Contestant contestant, Figures figures) throws Exception;

    /** Returns those that take part. */
    default List<Contestant> contestants(List<Contestant> all) {
        return all;
    }

    /** Returns how many rounds make sense, of those asked for. */
    default int rounds(int asked) {
        return asked;
    }

    /** Returns how many rounds one start of the proxy can have, of those asked for: one where each starts its own. */
    default int roundsPerStart(int asked) {
        return asked;
    }
}
