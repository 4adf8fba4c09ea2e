package org.proxymachine.sniff;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class GitTest {
    private static final String UPLOAD = "git-upload-pack";

    @Test
    void shouldReadARequest() {
        String request = packet("git-upload-pack /alice/repo\0host=Git.example:9418\0\0version=2\0");
        Prefixes.assertReads(
                Git::parse, request, new Git(UPLOAD, "/alice/repo", "alice", "git.example", 9418, 2, request.length()));
    }

    @ParameterizedTest
    @ValueSource(strings = {"git-upload-pack", "git-receive-pack", "git-upload-archive"})
    void shouldReadEachService(String service) {
        String request = packet(service + " /a\0host=\0");
        Prefixes.assertReads(Git::parse, request, new Git(service, "/a", null, null, null, 0, request.length()));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "\n", "\0", "\n\0", "\0\0", "\0\0\0x=y\0version=\0version=x\0", "\0\0version=-1"})
    void shouldDoWithoutWhatMayBeLeftOut(String end) {
        String request = packet("git-upload-pack /a/b" + end);
        Prefixes.assertReads(Git::parse, request, new Git(UPLOAD, "/a/b", "a", null, null, 0, request.length()));
    }

    @Test
    void shouldTakeTheHighestVersionAndAnAddressInBrackets() {
        String request = packet("git-upload-pack /a\0host=[::1]\0\0version=1\0version=2\0version=0\0");
        Prefixes.assertReads(Git::parse, request, new Git(UPLOAD, "/a", null, "::1", null, 2, request.length()));
        String hostless = packet("git-upload-pack /a\0\0version=1\0");
        Prefixes.assertReads(Git::parse, hostless, new Git(UPLOAD, "/a", null, null, null, 1, hostless.length()));
    }

    @ParameterizedTest
    @CsvSource({
        "/alice/repo,      alice",
        "//alice//repo/x,  alice",
        "~alice/repo,      alice",
        "/~alice/repo.git, alice",
        "/a\u00c3\u00a4/repo,    a\u00e4",
        "/alice,           ",
        "/alice/,          ",
        "/~/x,             ",
        "/,                ",
    })
    void shouldFindTheUser(String path, @Nullable String user) {
        Git request = Objects.requireNonNull(Git.parse(packet("git-upload-pack " + path + "\0host=a\0")));
        assertThat(request.user()).isEqualTo(user);
    }

    @Test
    void shouldRefuseAsEarlyAsOneByteAllows() {
        Prefixes.assertRefuses(Git::parse, "003g", 4);
        Prefixes.assertRefuses(Git::parse, "GET /", 1);
        Prefixes.assertRefuses(Git::parse, "0013", 4);
        Prefixes.assertRefuses(Git::parse, "0032git-x", 9);
        Prefixes.assertRefuses(Git::parse, "0032git-upload-px", 17);
    }

    @ParameterizedTest
    @ValueSource(strings = {"host=a b", "host=a/b", "host=", "x", "x=y\0host=b", "host=[::1", "host=\u00ff"})
    void shouldReadARequestWithAHostThatIsNone(String host) {
        String request = packet("git-upload-pack /a/b\0" + host);
        Prefixes.assertReads(Git::parse, request, new Git(UPLOAD, "/a/b", "a", null, null, 0, request.length()));
    }

    @ParameterizedTest
    @ValueSource(strings = {"host=LOCALHOST.", "HOST=localhost\0", "host=localhost:\0\0", "host=localhost:x\0\0x\0"})
    void shouldReadAHostAsTheDaemonDoes(String host) {
        String request = packet("git-upload-pack /a/b\n\0" + host);
        Prefixes.assertReads(Git::parse, request, new Git(UPLOAD, "/a/b", "a", "localhost", null, 0, request.length()));
    }

    @Test
    void shouldTakeAsMuchAsGit() {
        String request = packet("git-upload-pack /" + "a".repeat(65_520 - 21));
        assertThat(Prefixes.answer(Git::parse, request)).extracting("length").isEqualTo(65_520);
        assertThat(Prefixes.answer(Git::parse, request.substring(0, 65_519))).isEqualTo("more");
    }

    private static String packet(String content) {
        return String.format("%04X%s", content.length() + 4, content);
    }
}
