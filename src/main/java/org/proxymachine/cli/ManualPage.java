package org.proxymachine.cli;

import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/** The manual page of a command and its subcommands, in the macros of man(7). */
final class ManualPage {
    private final StringBuilder text = new StringBuilder();

    ManualPage(CommandSpec command, String version) {
        String name = command.name();
        line(".TH " + name.toUpperCase(java.util.Locale.ROOT) + " 1 \"\" \"" + name + " " + version
                + "\" \"User Commands\"");
        section("NAME");
        line(name + " \\- " + escape(join(command.usageMessage().header())));
        section("SYNOPSIS");
        line(".B " + name);
        line("\\-c \\fIFILE\\fR [\\fIOPTION\\fR]...");
        for (String each : command.subcommands().keySet()) {
            line(".br");
            line(".B " + name + " " + each);
            line("[\\fIOPTION\\fR]...");
        }
        section("OPTIONS");
        options(command);
        section("COMMANDS");
        command.subcommands().forEach((each, commandLine) -> subcommand(each, commandLine.getCommandSpec()));
        section("NOTES");
        for (String each : command.usageMessage().footer()) {
            line(each.isBlank() ? ".PP" : escape(each));
        }
        section("ENVIRONMENT");
        term("\\fBJAVA_OPTS\\fR", "Options of the JVM.");
        term("\\fBJAVA_HOME\\fR", "The Java to run with, if it is 17 or newer.");
        term("\\fBPROXYMACHINE_ADMIN\\fR", "The admin endpoint that status, sessions, reload and drain ask.");
        section("FILES");
        term("\\fI/etc/proxymachine/router.groovy\\fR", "The script of the service that the Debian package has.");
        term("\\fI/etc/default/proxymachine\\fR", "Its options.");
        section("SEE ALSO");
        line("The contract of the script and the log are described in README.md, "
                + "which the Debian package has in \\fI/usr/share/doc/proxymachine\\fR.");
    }

    private void subcommand(String name, CommandSpec command) {
        line(".SS " + name);
        line(escape(join(command.usageMessage().header())));
        line(escape(join(command.usageMessage().description())));
        for (PositionalParamSpec each : command.positionalParameters()) {
            term("\\fI" + escape(each.paramLabel()) + "\\fR", escape(join(each.description())));
        }
        options(command);
    }

    private void options(CommandSpec command) {
        for (OptionSpec each : command.options()) {
            StringBuilder names = new StringBuilder();
            for (String name : each.names()) {
                names.append(names.isEmpty() ? "" : ", ")
                        .append("\\fB")
                        .append(escape(name))
                        .append("\\fR");
            }
            if (each.arity().max() > 0) {
                names.append(" \\fI").append(escape(each.paramLabel())).append("\\fR");
            }
            term(names.toString(), escape(join(each.description())));
        }
    }

    private void section(String title) {
        line(".SH " + title);
    }

    private void term(String term, String description) {
        line(".TP");
        line(term);
        line(description);
    }

    private void line(String line) {
        if (!line.isBlank()) {
            text.append(line).append('\n');
        }
    }

    private static String join(String... lines) {
        // As the help is printed: a format whose %n ends a line.
        return String.join(" ", lines).replace("%n", " ").replace("%%", "%").strip();
    }

    /** Returns this as running text: no escape, no hyphen that is a dash, no line that is a macro (groff_char(7)). */
    private static String escape(String text) {
        String escaped = text.replace("\\", "\\e").replace("-", "\\-");
        return escaped.startsWith(".") || escaped.startsWith("'") ? "\\&" + escaped : escaped;
    }

    @Override
    public String toString() {
        return text.toString();
    }
}
