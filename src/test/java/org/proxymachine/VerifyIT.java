package org.proxymachine;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@code bin/verify} makes of what Maven tells it: a Maven of the test's stands in the place of the real one. */
class VerifyIT {
    private static final String PASSED = "<testcase name='shouldPass' classname='org.proxymachine.GoodTest'/>";
    private static final String JAVA = System.getProperty("java.home");

    @TempDir
    Path directory;

    private Path home;

    @BeforeEach
    void install() throws IOException {
        home = directory.resolve("a straße");
        Files.createDirectories(home.resolve("bin"));
        Files.copy(Path.of("bin/verify"), home.resolve("bin/verify"));
        program(home.resolve("src/packaging/verify"), "exit 0");
    }

    private static void program(Path file, String body) throws IOException {
        Files.createDirectories(file.getParent());
        Files.writeString(file, "#!/bin/sh\n" + body + "\n");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwx------"));
    }

    /** Runs it with a Maven that leaves these test cases in its reports, prints this, and exits with this code. */
    private Program verify(String fast, String processes, String prints, int code) throws IOException {
        String report = """
                mkdir -p target/%1$s-reports && cat > target/%1$s-reports/TEST-x.xml << 'END'
                <testsuite>%2$s</testsuite>
                END
                """;
        program(
                directory.resolve("programs/mvn"),
                "rm -rf target\n" + report.formatted("surefire", fast) + report.formatted("failsafe", processes)
                        + "echo \"maven for $JAVA_HOME\"\ncat << 'END'\n" + prints + "\nEND\nexit " + code);
        Map<String, String> environment =
                Map.of("JAVA_HOME", JAVA, "PATH", directory.resolve("programs") + ":" + System.getenv("PATH"));
        return new Program(environment, directory, home.resolve("bin/verify").toString());
    }

    @Test
    void shouldEndWithWhatFailedAndTheCommandThatRepeatsJustThat() throws IOException {
        program(home.resolve("src/packaging/verify"), "exit 1");
        String fast =
                PASSED + "<testcase name='shouldFail' classname='org.proxymachine.sniff.BadTest'><failure/></testcase>";
        String processes =
                "<testcase name='shouldEnd(String)[2]' classname='org.proxymachine.BadIT'><error/></testcase>"
                        + "<testcase name='shouldEnd(String)[3]' classname='org.proxymachine.BadIT'><failure/></testcase>"
                        + "<testcase name='' classname='org.proxymachine.WorseIT'><error/></testcase>";
        try (Program verify = verify(fast, processes, "", 0)) {
            assertThat(verify.exitCode()).isEqualTo(1);
            assertThat(verify.output())
                    .contains(" failed, after ")
                    .contains("JAVA_HOME=" + JAVA + " mvn -B test -Dtest='BadTest#shouldFail'\n")
                    .containsOnlyOnce("JAVA_HOME=" + JAVA
                            + " mvn -B verify -DskipFast -DskipPackages -Dit.test='BadIT#shouldEnd'\n")
                    .contains("JAVA_HOME=" + JAVA + " mvn -B verify -DskipFast -DskipPackages -Dit.test='WorseIT'\n")
                    .contains("  the packages\n    src/packaging/verify\n")
                    .doesNotContain("GoodTest");
        }
    }

    @Test
    void shouldNameTheTestWhoseProcessEndedBeforeIt() throws IOException {
        String prints = """
                [INFO] Running org.proxymachine.GoodTest
                [INFO] Running org.proxymachine.HangingTest
                [INFO] Tests run: 1, Failures: 0, Errors: 0, Skipped: 0, Time elapsed: 1 s -- in org.proxymachine.GoodTest
                [ERROR] There was a timeout or other error in the fork""";
        try (Program verify = verify(PASSED, "", prints, 0)) {
            assertThat(verify.exitCode()).isEqualTo(1);
            assertThat(verify.output()).contains("mvn -B test -Dtest='HangingTest'\n");
        }
    }

    @Test
    void shouldGoOnOnTheNextJavaAfterABuildThatFails() throws IOException {
        try (Program verify = verify("", "", "[ERROR] COMPILATION ERROR", 1)) {
            assertThat(verify.exitCode()).isEqualTo(1);
            String output = verify.output();
            assertThat(output.split("\nmaven for ", -1)).hasSameSizeAs(output.split("verify: on Java ", -1));
            assertThat(output).contains("  the build on Java ").contains("JAVA_HOME=" + JAVA + " mvn -B clean verify");
        }
    }

    @Test
    void shouldPassWhereNothingFailed() throws IOException {
        try (Program verify = verify(PASSED, "", "", 0)) {
            assertThat(verify.exitCode()).isZero();
            assertThat(verify.output()).contains("verify: passed on Java ");
        }
    }
}
