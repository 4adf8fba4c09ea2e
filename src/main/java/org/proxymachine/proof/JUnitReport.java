package org.proxymachine.proof;

import java.io.IOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import javax.xml.stream.XMLOutputFactory;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamWriter;

/** Results in the XML that JUnit's Ant task introduced, and that every CI system shows. */
public final class JUnitReport {
    private JUnitReport() {}

    /**
     * A case that was run.
     *
     * @param problem lines, or none
     */
    public record Result(Case given, List<String> problem, Duration took) {
        /** Takes a copy of the lines. */
        public Result {
            problem = List.copyOf(problem);
        }
    }

    /** Writes all results. */
    public static void write(Path file, String suite, List<Result> results) throws IOException {
        try (Writer out = Files.newBufferedWriter(file, StandardCharsets.UTF_8)) {
            XMLStreamWriter xml = XMLOutputFactory.newFactory().createXMLStreamWriter(out);
            xml.writeStartDocument("UTF-8", "1.0");
            xml.writeCharacters("\n");
            xml.writeStartElement("testsuite");
            xml.writeAttribute("name", suite);
            xml.writeAttribute("tests", String.valueOf(results.size()));
            xml.writeAttribute(
                    "failures",
                    String.valueOf(
                            results.stream().filter(r -> !r.problem().isEmpty()).count()));
            xml.writeAttribute("errors", "0");
            xml.writeAttribute("skipped", "0");
            xml.writeAttribute(
                    "time", seconds(results.stream().map(Result::took).reduce(Duration.ZERO, Duration::plus)));
            for (Result each : results) {
                write(xml, suite, each);
            }
            xml.writeCharacters("\n");
            xml.writeEndElement();
            xml.writeEndDocument();
            xml.flush();
        } catch (XMLStreamException e) {
            throw new IOException(e);
        }
    }

    private static void write(XMLStreamWriter xml, String suite, Result result) throws XMLStreamException {
        xml.writeCharacters("\n  ");
        xml.writeStartElement("testcase");
        xml.writeAttribute("classname", suite);
        xml.writeAttribute("name", legal(result.given().name()));
        xml.writeAttribute("file", result.given().where());
        xml.writeAttribute("time", seconds(result.took()));
        if (!result.problem().isEmpty()) {
            String text = legal(String.join("\n", result.problem()));
            xml.writeStartElement("failure");
            xml.writeAttribute("type", "decision");
            xml.writeAttribute("message", text.lines().findFirst().orElse(""));
            xml.writeCharacters(text);
            xml.writeEndElement();
        }
        xml.writeEndElement();
    }

    // XML 1.0, section 2.2: no control characters, not even escaped.
    private static String legal(String text) {
        return text.replaceAll("[^\\t\\n\\r\\x20-\\uD7FF\\uE000-\\uFFFD]", "?");
    }

    private static String seconds(Duration duration) {
        return String.format(Locale.ROOT, "%.3f", duration.toNanos() / 1e9);
    }
}
