package org.proxymachine.script;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.proxymachine.route.DurationText;

/** Numbers of a script, by their value and whatever their type: {@code 3}, {@code 3L}, {@code 3.0} and {@code 6 / 2} are one. */
final class ScriptNumber {
    /** A number with more digits is shown by its size. */
    private static final int MAX_SHOWN_BITS = 128;

    private ScriptNumber() {}

    /** Returns the whole number that this is, or null if it is none, or not from min to max. */
    static @Nullable Integer whole(@Nullable Object value, int min, int max) {
        BigDecimal number = exact(value);
        // The bounds first: what is written out of 1e999999999 would fill the heap.
        if (number == null
                || number.compareTo(BigDecimal.valueOf(min)) < 0
                || number.compareTo(BigDecimal.valueOf(max)) > 0) {
            return null;
        }
        try {
            return number.intValueExact();
        } catch (ArithmeticException e) {
            return null;
        }
    }

    /** Returns the duration that this number of seconds or text such as {@code 1h} is, or null if it is none. */
    static @Nullable Duration seconds(Object value) {
        if (value instanceof CharSequence text) {
            try {
                return DurationText.parse(text.toString());
            } catch (IllegalArgumentException e) {
                return null;
            }
        }
        BigDecimal number = exact(value);
        return number != null && DurationText.isAllowed(number) ? DurationText.ofSeconds(number) : null;
    }

    // Null for NaN, the infinities, and whatever a number of the script's own making calls itself.
    private static @Nullable BigDecimal exact(@Nullable Object value) {
        if (value instanceof BigDecimal number) {
            return number;
        }
        if (value instanceof BigInteger number) {
            return new BigDecimal(number);
        }
        if (!(value instanceof Number)) {
            return null;
        }
        try {
            return new BigDecimal(value.toString());
        } catch (NumberFormatException e) {
            return null;
        }
    }

    /** Returns how a log line shows a number, or the type of anything else. */
    static String shown(@Nullable Object value) {
        if (value instanceof BigInteger number && number.bitLength() > MAX_SHOWN_BITS) {
            return "a BigInteger of " + number.bitLength() + " bits";
        }
        if (value instanceof BigDecimal number && number.unscaledValue().bitLength() > MAX_SHOWN_BITS) {
            return "a BigDecimal of " + number.precision() + " digits";
        }
        return value instanceof Number ? Quoted.cut(value.toString()) : TypeName.of(value);
    }
}
