package org.proxymachine.route;

/** The decisions that carry nothing, made once. */
final class Constants {
    static final Decision WAIT = new Decision.Wait(null, null);
    static final Decision CLOSE = new Decision.Close(null);

    private Constants() {}
}
