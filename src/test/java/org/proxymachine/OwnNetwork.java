package org.proxymachine;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * A network namespace of a test's own, where net.ipv4.tcp_migrate_req is on: what it is for a whole machine is not a
 * test's to change. Where none can be made (containers, older kernels) the network is the machine's, as it is.
 */
final class OwnNetwork implements AutoCloseable {
    private static final Path PROGRAM = Path.of("src/test/resources/org/proxymachine/network.py");

    private final Program keeper;
    private final boolean own;

    OwnNetwork() throws IOException {
        keeper = new Program(Map.of(), Path.of("").toAbsolutePath(), "unshare", "-rn", "python3", PROGRAM.toString());
        own = keeper.await("ready|unshare: .*|no network: .*").equals("ready") && canBeEntered();
    }

    private boolean canBeEntered() throws IOException {
        String[] command = {"nsenter", "--preserve-credentials", "-U", "-n", "-t", String.valueOf(keeper.pid()), "true"
        };
        try (Program trial = new Program(Map.of(), Path.of("").toAbsolutePath(), command)) {
            return trial.exitCode() == 0;
        }
    }

    /** Whether it is one of its own, in which Linux hands all that a closed listener leaves to others on its address. */
    boolean migrates() {
        return own;
    }

    /** What a command begins with that is to run there. */
    List<String> entrance() {
        return own
                ? List.of("nsenter", "--preserve-credentials", "-U", "-n", "-t", String.valueOf(keeper.pid()), "--")
                : List.of();
    }

    @Override
    public void close() throws IOException {
        keeper.close();
    }
}
