package org.proxymachine.script;

import groovyjarjarantlr4.v4.runtime.CharStreams;
import groovyjarjarantlr4.v4.runtime.Token;
import java.util.ArrayDeque;
import java.util.Deque;
import org.apache.groovy.parser.antlr4.GroovyLangLexer;
import org.apache.groovy.parser.antlr4.GroovySyntaxError;
import org.codehaus.groovy.syntax.SyntaxException;

/**
 * Refuses scripts whose brackets are nested too deep, or are not in pairs. Groovy's parser looks ahead from each open bracket
 * to the end of what it holds: at a depth of 10,000, or of 1,000 where the closing ones are missing, that takes minutes.
 */
final class Brackets {
    /** Far more than anybody writes, or has a program write. */
    static final int MAX_DEPTH = 200;

    private final Deque<Token> open = new ArrayDeque<>();

    private Brackets() {}

    /** @throws SyntaxException that names the bracket */
    static void check(String text) throws SyntaxException {
        if (looksOdd(text)) {
            new Brackets().read(text);
        }
    }

    // Most scripts need no second look, although brackets in texts and comments count here.
    private static boolean looksOdd(String text) {
        int depth = 0;
        int deepest = 0;
        for (int i = 0; i < text.length(); i++) {
            switch (text.charAt(i)) {
                case '(', '[', '{' -> deepest = Math.max(deepest, ++depth);
                case ')', ']', '}' -> depth--;
                default -> {}
            }
        }
        return depth != 0 || deepest > MAX_DEPTH;
    }

    private void read(String text) throws SyntaxException {
        GroovyLangLexer lexer = new GroovyLangLexer(CharStreams.fromString(text));
        lexer.removeErrorListeners();
        try {
            for (Token each = lexer.nextToken(); each.getType() != Token.EOF; each = lexer.nextToken()) {
                take(each);
            }
        } catch (GroovySyntaxError e) {
            // The parser comes to it at once, and has the better words.
            return;
        }
        if (!open.isEmpty()) {
            throw neverClosed(open.peek());
        }
    }

    private void take(Token token) throws SyntaxException {
        switch (token.getType()) {
            case GroovyLangLexer.LPAREN, GroovyLangLexer.LBRACK, GroovyLangLexer.SAFE_INDEX, GroovyLangLexer.LBRACE ->
                open(token);
            case GroovyLangLexer.RPAREN, GroovyLangLexer.RBRACK, GroovyLangLexer.RBRACE -> close(token);
            default -> {}
        }
    }

    private void open(Token token) throws SyntaxException {
        open.push(token);
        if (open.size() > MAX_DEPTH) {
            throw at(token, "brackets are nested deeper than " + MAX_DEPTH);
        }
    }

    private void close(Token token) throws SyntaxException {
        if (open.isEmpty()) {
            throw at(token, token.getText() + " closes nothing");
        }
        Token opened = open.pop();
        if (!partner(opened).equals(token.getText())) {
            throw neverClosed(opened);
        }
    }

    private static String partner(Token opened) {
        return switch (opened.getType()) {
            case GroovyLangLexer.LPAREN -> ")";
            case GroovyLangLexer.LBRACE -> "}";
            default -> "]";
        };
    }

    private static SyntaxException neverClosed(Token opened) {
        return at(opened, opened.getText() + " is never closed, expected a " + partner(opened));
    }

    private static SyntaxException at(Token token, String message) {
        int column = token.getCharPositionInLine() + 1;
        return new SyntaxException(message, token.getLine(), column, token.getLine(), column + 1);
    }
}
