package org.proxymachine;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The status page of a daemon with sessions of every kind, in a Chromium, by keyboard alone. */
class StatusPageIT {
    private static final String ROWS = "#sessions tbody tr[data-id]";

    /** What a client that is no friend says of itself. */
    private static final String MARKUP = "<img/src=x/onerror=document.title=1>";

    @TempDir
    Path directory;

    private static Connection say(Program daemon, String text, int answer) throws IOException {
        Connection client = new Connection(new InetSocketAddress(InetAddress.getLoopbackAddress(), daemon.port()));
        assertThat(client.send(text + "\n").receive(answer)).hasSize(answer);
        return client;
    }

    @Test
    void shouldShowHowADaemonIsAndWhy() throws IOException {
        List<Connection> clients = new ArrayList<>();
        Path script = directory.resolve("router.groovy");
        try (Backend one = Backend.echo();
                Backend two = Backend.echo()) {
            String dead = "127.0.0.1:" + Backend.deadPort();
            Files.writeString(script, """
                    def remotes = [one: '%s', two: '%s', dead: '%s']
                    proxy { data ->
                        if (!data.endsWith('\\n')) return null
                        def words = data.trim().split(' ')
                        [remote: remotes[words[0]] ?: remotes.one, tag: words[-1], retries: 0]
                    }""".formatted(one.address(), two.address(), dead));
            try (Program daemon =
                    Program.daemon(Map.of(), "-c", script.toString(), "-h", "127.0.0.1", "-p", "0", "--admin", "0")) {
                String url = "http://" + daemon.await("admin endpoint on (127.0.0.1:\\d+)") + "/";
                clients.add(say(daemon, "one alice", 10));
                clients.add(say(daemon, "two bob", 8));
                clients.add(say(daemon, "two " + MARKUP, MARKUP.length() + 5));
                for (int i = 0; i < 5; i++) {
                    assertThat(say(daemon, "dead eve", 0).receiveAll()).isEmpty();
                }
                try (Browser browser = new Browser(directory, "--window-size=1280,900")) {
                    browser.open(url);
                    look(browser, one.address(), two.address(), dead);
                    work(browser, two.address());
                    assertThat((Object[]) browser.complaints()).isEmpty();
                }
                try (Browser phone = new Browser(
                        Files.createDirectory(directory.resolve("phone")),
                        "--window-size=500,800",
                        "--force-dark-mode",
                        "--blink-settings=preferredColorScheme=0")) {
                    phone.open(url + "#session=1");
                    phone.await(() -> phone.text("#timeline").contains("alice"));
                    assertThat(phone.run("return matchMedia('(prefers-color-scheme: dark)').matches"))
                            .isEqualTo(true);
                    assertThat(phone.run(
                                    "const [r, g, b] = getComputedStyle(document.body).backgroundColor.match(/\\d+/g);"
                                            + "return +r < 60 && +g < 60 && +b < 60"))
                            .isEqualTo(true);
                    assertThat(phone.run("return document.documentElement.scrollWidth <= innerWidth"))
                            .isEqualTo(true);
                    clients.remove(0).leave();
                    daemon.signal("QUIT");
                    phone.await(() -> phone.text("#state").equals("draining"));
                    for (Connection each : clients) {
                        each.leave();
                    }
                    assertThat(daemon.exitCode()).isZero();
                    phone.await(
                            () -> Boolean.TRUE.equals(phone.run("return document.body.classList.contains('lost')")));
                }
            }
        }
    }

    private static void look(Browser browser, String one, String two, String dead) throws IOException {
        browser.await(() -> browser.texts(ROWS).size() == 3);
        browser.await(() -> browser.text("#name").equals("router"));
        browser.await(() -> browser.text("#state").equals("accepting"));
        assertThat(browser.texts(ROWS + " td:nth-child(5)")).containsExactly(MARKUP, "bob", "alice");
        assertThat(browser.run("return document.querySelectorAll('img').length"))
                .isEqualTo(0L);
        browser.await(() ->
                browser.text("#bad-reasons li[data-reason=connect-refused]").contains("5"));
        browser.await(() -> browser.texts("#backends tbody tr[data-id]").size() == 3);
        assertThat(browser.texts("#backends tbody tr a")).containsExactlyInAnyOrder(one, two, dead);
        browser.await(() -> browser.text("#notices").contains(dead));
        for (String each : List.of("opened", "sessions", "bytes", "failed", "lag", "script")) {
            browser.await(() ->
                    !browser.text(".chart[data-series=" + each + "] strong").isBlank());
        }
    }

    private static void filter(Browser browser, String words) throws IOException {
        browser.run("const f = document.querySelector('#filter'); f.value = '" + words
                + "'; f.dispatchEvent(new Event('input'))");
    }

    private static void work(Browser browser, String two) throws IOException {
        // Sorted by what the heading says, once it has the focus and Enter.
        browser.run("document.querySelector('#sessions th button[data-sort=tag]').focus()");
        browser.press(Browser.ENTER);
        browser.await(() -> browser.texts(ROWS + " td:nth-child(5)").equals(List.of(MARKUP, "alice", "bob")));
        assertThat(browser.run(
                        "return document.querySelector('#sessions th[aria-sort=ascending] button').dataset.sort"))
                .isEqualTo("tag");

        browser.press("/");
        browser.type("bob");
        browser.await(() -> browser.texts(ROWS).size() == 1);
        // What is typed into the filter is no command.
        browser.type(" p");
        assertThat(browser.run("return document.querySelector('#filter').value"))
                .isEqualTo("bob p");
        assertThat(browser.run("return document.querySelector('#pause').ariaPressed"))
                .isEqualTo("false");
        filter(browser, "nobody");
        browser.await(() -> browser.texts(ROWS).isEmpty());
        // The clients' address, as few would write it.
        filter(browser, "0:0:0:0:0:FFFF:7f00:1");
        browser.await(() -> browser.texts(ROWS).size() == 3);
        filter(browser, "0:0:0:0:0:FFFF:7f00:2");
        browser.await(() -> browser.texts(ROWS).isEmpty());
        filter(browser, "");
        browser.await(() -> browser.texts(ROWS).size() == 3);

        browser.run("document.querySelector('#backends tr[data-id=\"" + two + "\"] a').focus()");
        browser.press(Browser.ENTER);
        browser.await(() -> browser.texts(ROWS).size() == 2);
        browser.press(Browser.ESCAPE);
        browser.await(() -> browser.texts(ROWS).size() == 3);

        browser.run("document.querySelector('#sessions tbody a').focus()");
        browser.press(Browser.DOWN, Browser.ENTER);
        browser.await(() -> browser.texts("#timeline li").size() >= 3);
        assertThat(browser.text("#detail")).contains("alice", "connected to", "remote ");
        browser.press(Browser.ESCAPE);
        browser.await(() -> browser.text("#detail").isEmpty());
        assertThat(browser.run("return document.activeElement.closest('tr').dataset.id"))
                .isEqualTo("1");

        browser.press("p");
        assertThat(browser.run("return document.querySelector('#pause').ariaPressed"))
                .isEqualTo("true");
        browser.press("p");
        // By Tab alone one gets from the top of the page to its end.
        browser.run("document.activeElement.blur()");
        browser.run(
                "for (const e of document.querySelectorAll('*')) e.addEventListener('focus', () => e.reached = true)");
        for (int i = 0; i < 80; i++) {
            browser.press(Browser.TAB);
        }
        assertThat(
                        browser.run(
                                "return [...document.querySelectorAll('.skip, #pause, .plot, #backends th button, #sessions th button,"
                                        + " #filter, #state-filter, footer a')].filter(e => !e.reached).map(e => e.outerHTML).join()"))
                .isEqualTo("");
    }

    @Test
    void shouldSayThatTheScriptWasAskedAboutASilentClient() throws IOException {
        Path script = Files.writeString(
                directory.resolve("router.groovy"),
                "proxy { data -> [close: true] }\nproxy_silent(0.1) { [close: 'well?'] }");
        try (Program daemon =
                Program.daemon(Map.of(), "-c", script.toString(), "-h", "127.0.0.1", "-p", "0", "--admin", "0")) {
            String url = "http://" + daemon.await("admin endpoint on (127.0.0.1:\\d+)") + "/";
            try (Connection client =
                    new Connection(new InetSocketAddress(InetAddress.getLoopbackAddress(), daemon.port()))) {
                assertThat(client.receiveAll()).isEqualTo("well?");
            }
            try (Browser browser = new Browser(directory, "--window-size=1280,900")) {
                browser.open(url + "#session=1");
                browser.await(() -> browser.text("#timeline").contains("As it said nothing the script said"));
                assertFailuresOutlastTheClock(browser);
                assertThat((Object[]) browser.complaints()).isEmpty();
            }
        }
    }

    /** What failed lately did so, though somebody has set the daemon's clock meanwhile. */
    private static void assertFailuresOutlastTheClock(Browser browser) throws IOException {
        assertThat(browser.run("""
                        const status = (uptime, end, refused) => ({started: 'x', backends: [], reasons: {'connect-refused': refused},
                            history: {uptime, end, interval: 1, failed: [refused], opened: [refused]}});
                        return import('./failures.js').then(({follow, grownLately, run, culprit}) => {
                          follow(status(1000, '2026-03-01T12:00:00Z', 0));
                          follow(status(1002, '2026-03-01T12:00:02Z', 3));
                          const after = status(1004, '2026-03-01T13:00:04Z', 3);
                          follow(after);
                          follow(status(1006, '2026-03-01T11:00:06Z', 4));
                          return JSON.stringify([...grownLately('reason', after), culprit(run(after)).reason]);
                        })""")).isEqualTo("[[\"connect-refused\",4],\"connect-refused\"]");
    }
}
