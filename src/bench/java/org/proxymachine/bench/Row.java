package org.proxymachine.bench;

/**
 * One figure that is reported of each contestant.
 *
 * @param id the word for it in the raw figures, such as {@code short.cpu}
 * @param title for people
 * @param unit of each value
 * @param decimals shown
 */
record Row(String id, String title, String unit, int decimals) {
    String format(double value) {
        return String.format(java.util.Locale.ROOT, "%,." + decimals + "f", value);
    }
}
