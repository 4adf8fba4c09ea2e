package org.proxymachine.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.proxymachine.proof.Case;
import org.proxymachine.proof.CaseFile;
import org.proxymachine.proof.CaseRunner;
import org.proxymachine.proof.Conversation;
import org.proxymachine.proof.JUnitReport;
import org.proxymachine.proof.JUnitReport.Result;
import org.proxymachine.route.Router;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Holds a script to cases. */
@Command(
        name = "test",
        usageHelpAutoWidth = true,
        sortOptions = false,
        header = "Show the script each case as a whole, byte by byte, and split in two at every byte.",
        footer = {
            "",
            "A case file:",
            "",
            "  name: alice is served by the first server",
            "  send: \"GET /alice HTTP/1.1\\r\\n\\r\\n\"",
            "  expect: remote 10.0.0.1:80",
            "",
            "Exit codes: 0 all as expected, 1 not all, 2 usage, 3 the script."
        })
final class TestCommand implements Callable<Integer> {
    @Mixin
    ScriptOption script = new ScriptOption();

    @Parameters(arity = "1..*", paramLabel = "CASES", description = "Case files, or directories of *.case files.")
    List<Path> paths = List.of();

    @Option(names = "--no-splits", description = "Show each case once, in the pieces that it gives: for recordings.")
    boolean noSplits;

    @Option(
            names = "--max-preread",
            paramLabel = "SIZE",
            converter = SizeConverter.class,
            defaultValue = "64k",
            description = "As the daemon's: what still waits after so many bytes fails. Default: 64k.")
    int maxPreread = Conversation.MAX_PREREAD_BYTES;

    @Option(names = "--junit", paramLabel = "FILE", description = "Write the results as JUnit XML, for CI.")
    @Nullable
    Path junit;

    @Option(
            names = {"-v", "--verbose"},
            description = "Print the cases that are as expected, too.")
    boolean verbose;

    @Override
    public Integer call() throws IOException {
        if (junit != null && !Files.isDirectory(junit.toAbsolutePath().resolveSibling(""))) {
            throw script.usage("--junit: no directory for " + junit);
        }
        List<Case> cases = read();
        Router router = script.load();
        CaseRunner runner = noSplits
                ? CaseRunner.asRecorded(router, maxPreread)
                : CaseRunner.splitting(router, maxPreread, line -> script.err().println(line));
        List<Result> results = new ArrayList<>();
        int failed = 0;
        for (Case each : cases) {
            long start = System.nanoTime();
            List<String> problem = runner.run(each);
            results.add(new Result(each, problem, Duration.ofNanos(System.nanoTime() - start)));
            failed += problem.isEmpty() ? 0 : 1;
            print(each, problem);
        }
        String count = String.format(Locale.ROOT, "%,d case%s", cases.size(), cases.size() == 1 ? "" : "s");
        script.out()
                .println(
                        failed == 0
                                ? count + ", all as expected"
                                : String.format(Locale.ROOT, "%,d of %s not as expected", failed, count));
        router.unload().finish();
        if (junit != null) {
            JUnitReport.write(junit, script.config.getFileName().toString(), results);
        }
        return failed == 0 ? ExitCode.DRAINED : ExitCode.FAILED;
    }

    private List<Case> read() {
        List<Case> cases = new ArrayList<>();
        for (Path each : paths) {
            try {
                cases.addAll(CaseFile.read(each));
            } catch (IllegalArgumentException e) {
                throw script.usage(e.getMessage());
            } catch (IOException e) {
                throw script.usage(each + ": cannot be read");
            }
        }
        return cases;
    }

    private void print(Case given, List<String> problem) {
        if (problem.isEmpty()) {
            if (verbose) {
                script.out().println("ok    " + given.where() + " " + given.name());
            }
            return;
        }
        script.out().println("FAIL  " + given.where() + " " + given.name());
        for (String line : problem) {
            script.out().println("      " + line);
        }
    }
}
