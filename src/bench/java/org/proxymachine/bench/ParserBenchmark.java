package org.proxymachine.bench;

import java.io.IOException;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** One call of a parser with a typical message that is whole. Run by {@link ParserCost}. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class ParserBenchmark {
    /** Which of {@link Messages}. */
    @Param({"tls"})
    public String protocol = "";

    private Function<String, ?> parser = text -> text;
    private String message = "";

    /** Finds parser and message. */
    @Setup
    public void find() throws IOException {
        Messages.Message typical = Messages.typical(protocol);
        parser = typical.parser();
        message = typical.bytes();
    }

    /** Reads the message. */
    @Benchmark
    public Object read() {
        return parser.apply(message);
    }
}
