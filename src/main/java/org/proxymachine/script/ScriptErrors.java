package org.proxymachine.script;

import java.lang.reflect.UndeclaredThrowableException;
import java.util.Locale;
import java.util.concurrent.TimeoutException;
import java.util.regex.Pattern;
import javax.script.ScriptException;
import org.codehaus.groovy.control.CompilationFailedException;
import org.codehaus.groovy.control.ErrorCollector;
import org.codehaus.groovy.control.MultipleCompilationErrorsException;
import org.codehaus.groovy.control.messages.ExceptionMessage;
import org.codehaus.groovy.control.messages.Message;
import org.codehaus.groovy.control.messages.SyntaxErrorMessage;
import org.codehaus.groovy.syntax.SyntaxException;
import org.jspecify.annotations.Nullable;
import org.proxymachine.route.RoutingException;

/** What goes wrong in one script, as one line: file, line, column where there is one, and what it was. */
final class ScriptErrors {
    private static final int MAX_MESSAGE = 400;
    private static final String TOO_LARGE =
            "a block, or the script around it, is larger than the JVM's 64 KB, and most of"
                    + " it is this statement: a table belongs in a file that the script reads";

    /** What Grape needs, and what of it cannot be initialised the second time. */
    private static final Pattern IVY = Pattern.compile("org/apache/ivy/|groovy.grape.");

    private final String fileName;

    ScriptErrors(String fileName) {
        this.fileName = fileName;
    }

    String fileName() {
        return fileName;
    }

    /** The script could not be compiled, or failed while it was evaluated. */
    RoutingException atLoad(Throwable error) {
        if (error instanceof TooLargeException large) {
            return new RoutingException(fileName + ":" + large.line() + ": " + TOO_LARGE, error);
        }
        if (error instanceof SyntaxException syntax) {
            return new RoutingException(at(syntax), error);
        }
        if (error instanceof TimeoutException) {
            return new RoutingException(fileName + ": " + error.getMessage(), error);
        }
        Throwable root = error;
        for (Throwable cause = error; cause != null; cause = cause.getCause()) {
            if (cause instanceof MultipleCompilationErrorsException compilation) {
                return new RoutingException(compilation(compilation.getErrorCollector()), error);
            }
            if (cause instanceof CompilationFailedException && cause.getCause() instanceof StackOverflowError) {
                return new RoutingException(fileName + ": is nested too deep to be compiled", error);
            }
            root = root instanceof ScriptException && root.getCause() != null ? root.getCause() : root;
        }
        return failure(": ", root);
    }

    private String compilation(ErrorCollector errors) {
        for (Message message : errors.getErrors()) {
            if (message instanceof SyntaxErrorMessage syntax) {
                return at(syntax.getCause())
                        + (errors.getErrorCount() > 1 ? " (the first of " + errors.getErrorCount() + " errors)" : "");
            }
        }
        Message first = errors.getErrors().get(0);
        return fileName + ": does not compile: "
                + (first instanceof ExceptionMessage failure ? describe(failure.getCause()) : first.toString());
    }

    private String at(SyntaxException error) {
        return String.format(
                Locale.ROOT,
                "%s:%d:%d: %s",
                fileName,
                error.getLine(),
                error.getStartColumn(),
                firstLine(error.getOriginalMessage()));
    }

    // For a wrong answer no line of the script is to blame: the message names the key instead.
    RoutingException inBlock(Block block, Throwable error) {
        return error instanceof WrongAnswerException
                ? new RoutingException(fileName + ": " + block.word() + ": " + error.getMessage(), error)
                : failure(": " + block.word() + ": ", error);
    }

    /** A block waits for the client's bytes, and there is none that would be asked about them. */
    RoutingException undecided(Block block) {
        return new RoutingException(
                fileName + ": " + block.word() + ": decided nothing, and there is no proxy block to ask next", null);
    }

    RoutingException inFuture(Throwable failure) {
        // What Groovy makes of a checked exception in a closure that stands in for a Supplier.
        Throwable cause = failure instanceof UndeclaredThrowableException ? failure.getCause() : failure;
        Throwable error = cause != null ? cause : failure;
        return error instanceof WrongAnswerException
                ? new RoutingException(fileName + ": the future's answer: " + error.getMessage(), error)
                : failure(": the future failed: ", error);
    }

    private RoutingException failure(String what, Throwable error) {
        try {
            return new RoutingException(where(error) + what + describe(error), error);
        } catch (Throwable e) {
            // A class of the script's own, whose methods fail, too.
            return new RoutingException(fileName + what + error.getClass().getName(), null);
        }
    }

    private String where(Throwable error) {
        String line = line(error.getStackTrace());
        return line != null ? line : fileName;
    }

    /** Returns {@code file:line} of the innermost frame that is the script's own. */
    @Nullable
    String line(StackTraceElement[] stack) {
        for (StackTraceElement frame : stack) {
            if (fileName.equals(frame.getFileName()) && frame.getLineNumber() > 0) {
                return fileName + ":" + frame.getLineNumber();
            }
        }
        return null;
    }

    private static String describe(Throwable error) {
        String name = error.getClass().getSimpleName();
        if (error instanceof StackOverflowError) {
            return name + " (a recursion, or a regular expression, too deep for what the client sent)";
        }
        if (error instanceof ExceptionInInitializerError && error.getCause() != null) {
            return name + ": " + describe(error.getCause());
        }
        String message = error.getMessage();
        if (error instanceof NoClassDefFoundError
                && message != null
                && IVY.matcher(message).find()) {
            return "Grape " + NoGrapes.WHY;
        }
        return message == null ? name : name + ": " + firstLine(message);
    }

    private static String firstLine(String message) {
        String line = message.strip().lines().findFirst().orElse("").strip();
        return line.length() <= MAX_MESSAGE ? line : line.substring(0, MAX_MESSAGE) + "…";
    }
}
