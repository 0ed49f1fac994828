package dev.athanor.ingestion.http;

import static dev.athanor.ingestion.http.ReplayServer.answer;
import static dev.athanor.ingestion.http.ReplayServer.cutOff;
import static dev.athanor.ingestion.http.ReplayServer.ok;
import static dev.athanor.ingestion.http.ReplayServer.status;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.athanor.ingestion.content.BadContentException;
import dev.athanor.ingestion.content.DeadLetterReason;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WebTest {

    @TempDir
    Path folder;

    private ReplayServer server;
    private final List<Duration> waits = new ArrayList<>();

    @BeforeEach
    void start() throws IOException {
        server = new ReplayServer();
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private Web web(boolean allowPrivate, AddressPolicy.Lookup lookup) {
        var settings = new WebSettings(
                "athanor-test",
                Duration.ofSeconds(2),
                Duration.ofMillis(700),
                Duration.ofMillis(1500),
                100_000,
                3,
                3,
                Duration.ofSeconds(1),
                Duration.ofSeconds(60),
                Duration.ZERO,
                allowPrivate,
                Set.of());
        return new Web(settings, lookup, Clock.systemUTC(), waits::add);
    }

    private Fetched get(String path) throws IOException, InterruptedException {
        return web(true, InetAddress::getAllByName).get(server.url(path), folder);
    }

    private DeadLetterReason failure(String path) {
        BadContentException e = catchThrowableOfType(BadContentException.class, () -> get(path));
        assertThat(e).as("no failure").isNotNull();
        return e.reason();
    }

    @Test
    void fetchesABodyWithItsTypeAndTime() throws Exception {
        server.on("/a/page.html?x=1", ok("text/html; charset=ISO-8859-1", "<p>hi</p>"));
        Fetched page = get("/a/page.html?x=1");
        assertThat(page.file()).hasContent("<p>hi</p>");
        assertThat(page.mediaType()).isEqualTo("text/html");
        assertThat(page.charset()).isEqualTo(StandardCharsets.ISO_8859_1);
        assertThat(page.name()).isEqualTo("page.html");
        assertThat(page.fetchedAt()).startsWith("20").endsWith("Z");
        assertThat(server.requests.getFirst().headers()).containsEntry("user-agent", "athanor-test");
    }

    @Test
    void waitsAsLongAsTheServerAsksAndTriesAgain() throws Exception {
        server.on(
                "/busy",
                status("429 Too Many Requests", "Retry-After: 7"),
                status("503 Service Unavailable"),
                ok("text/plain", "at last"));
        assertThat(get("/busy").file()).hasContent("at last");
        assertThat(waits).containsExactly(Duration.ofSeconds(7), Duration.ofSeconds(2));
    }

    @Test
    void givesUpAfterTheLastTryAndNeverRetriesWhatCannotHelp() {
        server.on("/down", status("500 Internal Server Error"));
        assertThat(failure("/down")).isEqualTo(DeadLetterReason.HTTP_STATUS);
        assertThat(server.count("/down")).isEqualTo(3);
        assertThat(waits).containsExactly(Duration.ofSeconds(1), Duration.ofSeconds(2));
        assertThat(failure("/missing")).isEqualTo(DeadLetterReason.HTTP_STATUS);
        assertThat(server.count("/missing")).isEqualTo(1);
        server.on("/later", status("429 Too Many Requests", "Retry-After: 86400"));
        assertThat(failure("/later")).isEqualTo(DeadLetterReason.HTTP_STATUS);
        assertThat(server.count("/later")).isEqualTo(1);
    }

    @Test
    void anAnswerCutOffIsTriedAgain() throws Exception {
        server.on("/cut", cutOff(1000, "only this"), ok("text/plain", "whole"));
        assertThat(get("/cut").file()).hasContent("whole");
        server.on("/always-cut", cutOff(1000, "only this"));
        assertThat(failure("/always-cut")).isEqualTo(DeadLetterReason.TRUNCATED);
    }

    @Test
    void silentAndDrippingAnswersEnd() {
        server.on("/silent", out -> Thread.sleep(5000));
        assertThat(failure("/silent")).isEqualTo(DeadLetterReason.TIMEOUT);
        server.on("/drip", out -> {
            out.write(ReplayServer.head("200 OK", 1000));
            for (int i = 0; i < 100; i++) {
                out.write('x');
                out.flush();
                Thread.sleep(100);
            }
        });
        assertThat(failure("/drip")).isEqualTo(DeadLetterReason.TIMEOUT);
        server.on("/drip-head", out -> {
            for (int i = 0; i < 100; i++) {
                out.write(i == 0 ? "HTTP/1.1 200 OK\r\n".getBytes(StandardCharsets.US_ASCII) : new byte[] {'x'});
                out.flush();
                Thread.sleep(100);
            }
        });
        assertThat(failure("/drip-head")).isIn(DeadLetterReason.TIMEOUT, DeadLetterReason.UNREADABLE);
        assertThat(server.count("/drip-head")).isEqualTo(3);
    }

    @Test
    void bodiesAreBoundedWhetherAnnouncedOrNot() {
        server.on("/announced", out -> out.write(ReplayServer.head("200 OK", 1L << 40)));
        assertThat(failure("/announced")).isEqualTo(DeadLetterReason.TOO_LARGE);
        server.on("/endless", out -> {
            out.write("HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            for (int i = 0; i < 1000; i++) {
                out.write(new byte[1000]);
            }
        });
        assertThat(failure("/endless")).isEqualTo(DeadLetterReason.TOO_LARGE);
        assertThat(folder).isEmptyDirectory();
    }

    @Test
    void redirectsAreFollowedByHandAndBounded() throws Exception {
        server.on("/old", status("301 Moved Permanently", "Location: /new?a=b"));
        server.on("/new?a=b", ok("text/plain", "moved"));
        assertThat(get("/old").url()).hasToString(server.url("/new?a=b"));
        server.on("/loop", status("302 Found", "Location: /loop"));
        assertThat(failure("/loop")).isEqualTo(DeadLetterReason.REDIRECT_LIMIT);
        for (String bad :
                List.of("file:///etc/passwd", "ftp://127.0.0.1/x", "http://user:pw@127.0.0.1/", "gopher://x")) {
            server.on("/bad", status("302 Found", "Location: " + bad));
            assertThat(failure("/bad")).as(bad).isEqualTo(DeadLetterReason.ADDRESS_REFUSED);
        }
    }

    @Test
    void headersAreNotSentOnToAnotherHost() throws Exception {
        server.on("/start", status("302 Found", "Location: http://localhost:" + server.port() + "/end"));
        server.on("/end", ok("text/plain", "x"));
        web(true, InetAddress::getAllByName).get(server.url("/start"), Map.of("Authorization", "Bearer s"), folder);
        assertThat(server.requests.get(0).headers()).containsKey("authorization");
        assertThat(server.requests.get(1).headers()).doesNotContainKey("authorization");
    }

    @Test
    void privateAddressesAreRefusedAtTheFirstHopAndAtAnyOther() throws Exception {
        BadContentException direct = catchThrowableOfType(
                BadContentException.class,
                () -> web(false, InetAddress::getAllByName).get(server.url("/x"), folder));
        assertThat(direct.reason()).isEqualTo(DeadLetterReason.ADDRESS_REFUSED);
        assertThat(server.requests).isEmpty();
        for (String url : List.of(
                "http://localhost/",
                "http://[::1]/",
                "http://0.0.0.0/",
                "http://169.254.169.254/latest/meta-data",
                "http://2130706433/",
                "http://[::ffff:127.0.0.1]/",
                "http://10.1.2.3/")) {
            BadContentException e = catchThrowableOfType(
                    BadContentException.class,
                    () -> web(false, InetAddress::getAllByName).get(url, folder));
            assertThat(e.reason()).as(url).isEqualTo(DeadLetterReason.ADDRESS_REFUSED);
        }
    }

    @Test
    void theAddressThatWasCheckedIsTheOneConnectedTo() throws Exception {
        // No DNS knows this name: the connection can only go where the one checked look-up pointed, so a second answer
        // of another address (DNS rebinding) would never be asked for.
        List<String> asked = new ArrayList<>();
        server.on("/", ok("text/plain", "pinned"));
        Web web = web(true, host -> {
            asked.add(host);
            return new InetAddress[] {InetAddress.getByName("127.0.0.1")};
        });
        assertThat(web.get("http://pinned.test:" + server.port() + "/", folder).file())
                .hasContent("pinned");
        assertThat(asked).containsExactly("pinned.test");
        assertThat(server.requests.getFirst().headers().get("host")).startsWith("pinned.test");
    }

    @Test
    void oneBadAddressAmongGoodOnesIsEnough() throws Exception {
        var policy = new AddressPolicy(false, Set.of(), host ->
                new InetAddress[] {InetAddress.getByName("93.184.216.34"), InetAddress.getByName("10.0.0.1")});
        assertThat(catchThrowableOfType(UnknownHostException.class, () -> policy.resolve("mixed.test")))
                .hasMessageContaining("10.0.0.1");
    }

    @Test
    void answersMayBeTurnsOfTheSameHost() throws Exception {
        List<Duration> slept = new ArrayList<>();
        var gate = new HostGate(Clock.systemUTC(), slept::add);
        gate.await("a", Duration.ofSeconds(100));
        gate.await("b", Duration.ofSeconds(100));
        gate.await("a", Duration.ofSeconds(100));
        assertThat(slept).hasSize(1);
        assertThat(slept.getFirst()).isBetween(Duration.ofSeconds(98), Duration.ofSeconds(100));
    }

    @Test
    void aProxyOfTheVirtualMachineIsNotAsked() throws Exception {
        // A proxy would resolve names itself, and so reach what the policy refuses.
        System.setProperty("http.proxyHost", "127.0.0.1");
        System.setProperty("http.proxyPort", Integer.toString(server.port()));
        System.setProperty("http.nonProxyHosts", "");
        try {
            server.on("/direct", ok("text/plain", "x"));
            web(true, host -> new InetAddress[] {InetAddress.getByName("127.0.0.1")})
                    .get("http://direct.test:" + server.port() + "/direct", folder);
            assertThat(server.requests).extracting(ReplayServer.Request::target).containsExactly("/direct");
        } finally {
            System.clearProperty("http.proxyHost");
            System.clearProperty("http.proxyPort");
            System.clearProperty("http.nonProxyHosts");
        }
    }

    @Test
    void asLongAsTheWindowOfARateLimitLasts() throws Exception {
        server.on(
                "/limited",
                status(
                        "429 Too Many Requests",
                        "RateLimit: \"api\";r=0;t=55",
                        "RateLimit-Policy: \"fixed window\";\"api\";q=500;w=300"),
                ok("text/plain", "x"));
        assertThat(get("/limited").file()).hasContent("x");
        assertThat(waits).containsExactly(Duration.ofSeconds(55));
    }

    @Test
    void anEmptyAnswerIsAFileOfNoBytes() throws Exception {
        server.on("/none", answer("204 No Content", new byte[0]));
        assertThat(Files.size(get("/none").file())).isZero();
    }
}
