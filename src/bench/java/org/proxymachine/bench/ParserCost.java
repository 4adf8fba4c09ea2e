package org.proxymachine.bench;

import java.util.List;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

/** What each parser takes for a typical message. */
final class ParserCost implements Measurement {
    private static final int ITERATIONS = 5;

    @Override
    public String id() {
        return "parsers";
    }

    @Override
    public String method() {
        return "JMH: one call with a whole message, average of %d iterations of 500 ms after as many of warm-up, in a JVM of its own (Java %s)"
                .formatted(ITERATIONS, System.getProperty("java.version"));
    }

    @Override
    public List<Contestant> contestants(List<Contestant> all) {
        return all.subList(0, 1);
    }

    @Override
    public int rounds(int asked) {
        return 1;
    }

    @Override
    public void measure(Field field, Contestant contestant, Figures figures) throws Exception {
        OptionsBuilder options = new OptionsBuilder();
        options.include(ParserBenchmark.class.getName())
                .param("protocol", Messages.protocols())
                .shouldFailOnError(true)
                .forks(1)
                .warmupIterations(ITERATIONS)
                .warmupTime(TimeValue.milliseconds(500))
                .measurementIterations(ITERATIONS)
                .measurementTime(TimeValue.milliseconds(500))
                .verbosity(VerboseMode.SILENT);
        for (RunResult result : new Runner(options.build()).run()) {
            String protocol = result.getParams().getParam("protocol");
            Row row = new Row("parsers." + protocol, "parser, " + protocol, "ns", 0);
            figures.add(row, contestant.name(), result.getPrimaryResult().getScore());
        }
    }
}
