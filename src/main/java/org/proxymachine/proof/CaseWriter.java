package org.proxymachine.proof;

import java.math.BigDecimal;
import java.time.Duration;
import org.proxymachine.address.Addresses;
import org.proxymachine.proof.Case.Message;

/** Writes a case as {@link CaseFile} reads it. */
final class CaseWriter {
    private CaseWriter() {}

    static String text(Case given) {
        StringBuilder text = new StringBuilder("name: ").append(given.name()).append('\n');
        if (given.peer() != null) {
            text.append("peer: ").append(Addresses.format(given.peer())).append('\n');
        }
        for (Message message : given.messages()) {
            if (message.silence() != null) {
                text.append("silent: ").append(seconds(message.silence())).append('\n');
            }
            for (byte[] piece : message.bytes()) {
                text.append("send: ").append(Literal.of(piece)).append('\n');
            }
            if (message.expected() != null) {
                text.append(message.exact() ? "answer: " : "expect: ")
                        .append(message.expected())
                        .append('\n');
            }
        }
        return text.toString();
    }

    private static String seconds(Duration time) {
        return BigDecimal.valueOf(time.toNanos(), 9).stripTrailingZeros().toPlainString();
    }
}
