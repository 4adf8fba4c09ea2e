package org.proxymachine.proof;

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
}
