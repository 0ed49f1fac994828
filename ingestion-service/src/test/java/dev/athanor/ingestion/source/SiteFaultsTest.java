package dev.athanor.ingestion.source;

import static dev.athanor.ingestion.http.ReplayServer.answer;
import static dev.athanor.ingestion.http.ReplayServer.cutOff;
import static dev.athanor.ingestion.http.ReplayServer.ok;
import static dev.athanor.ingestion.http.ReplayServer.status;
import static org.assertj.core.api.Assertions.assertThat;

import dev.athanor.contracts.artifact.Manifest;
import dev.athanor.contracts.document.Document;
import dev.athanor.contracts.spec.SourceSpec;
import dev.athanor.ingestion.documents.Ingestion;
import dev.athanor.ingestion.http.ReplayServer;
import dev.athanor.ingestion.http.ReplayServer.Answer;
import dev.athanor.ingestion.http.WebSettings;
import dev.athanor.stage.testing.StageRunner;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Each connector to a site against everything that can go wrong on the way, at each address that it asks. */
class SiteFaultsTest {

    private static final int SITES = 15;

    /** After which the client gives up, where the server says nothing; answers that are a little late are asked for again. */
    private static final Duration SILENCE = Duration.ofMillis(200);

    /** Until the client has gone, however slow it is. */
    private static void silence(OutputStream out) throws InterruptedException {
        Thread.sleep(Duration.ofMinutes(2));
    }

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

    static Stream<Integer> sites() {
        return IntStream.range(0, SITES).boxed();
    }

    private RecordedSite site(int index) {
        List<RecordedSite> all = RecordedSite.all(server);
        assertThat(all).hasSize(SITES);
        return all.get(index);
    }

    /** Nothing here ends because the machine is slow. */
    private Ingestion ingestion(String store) throws IOException {
        return ingestion(store, Duration.ofMinutes(1));
    }

    private Ingestion ingestion(String store, Duration idle) throws IOException {
        var settings = new WebSettings(
                "athanor-test",
                Duration.ofMinutes(1),
                idle,
                Duration.ofMinutes(1),
                1 << 18,
                3,
                12,
                Duration.ofMillis(1),
                Duration.ofSeconds(300),
                Duration.ZERO,
                false,
                Set.of("127.0.0.1"));
        return new Ingestion(
                folder.resolve(store),
                Files.createDirectories(folder.resolve("data")),
                server.url(""),
                () -> {
                    throw new IllegalStateException("no S3 in this test");
                },
                settings,
                waits::add);
    }

    /** The site, and a source of which nothing goes wrong, so that there always is a document. */
    private Manifest run(RecordedSite site) throws Exception {
        return run(site, Duration.ofMinutes(1));
    }

    private Manifest run(RecordedSite site, Duration idle) throws Exception {
        server.on("/calm", ok("text/plain", "calm"));
        return ingestion("store", idle)
                .run(site.source(), new SourceSpec.Http("calm", List.of(server.url("/calm")), null, null));
    }

    private List<Document> documents(Manifest manifest) throws IOException {
        return ingestion("store").documents(manifest).stream()
                .filter(d -> !d.source().equals("calm"))
                .toList();
    }

    /** Addresses that the connector asks when all is well. */
    private List<String> targets(RecordedSite site) throws Exception {
        site.answers().accept(server, RecordedSite.FIRST);
        assertThat(documents(run(site))).hasSize(site.documents());
        return server.requests.stream()
                .map(ReplayServer.Request::target)
                .distinct()
                .filter(target -> !target.equals("/calm") && server.knows(target))
                .toList();
    }

    @ParameterizedTest
    @MethodSource("sites")
    void faultsThatPassChangeNothing(int index) throws Exception {
        RecordedSite site = site(index);
        List<String> targets = targets(site);
        Manifest calm = run(site);
        List<Answer> passing = List.of(
                answer("429 Too Many Requests", new byte[0], "RateLimit: \"api\";r=0;t=137"),
                status("503 Service Unavailable", "Retry-After: 7"),
                cutOff(100_000, "only this"),
                SiteFaultsTest::silence);
        for (String target : targets) {
            waits.clear();
            // Silence takes its time: once a site is enough.
            boolean silent = target.equals(targets.getLast());
            int faults = passing.size() - (silent ? 0 : 1);
            server.fault((asked, turn) -> asked.equals(target) && turn < faults ? passing.get(turn) : null);
            Manifest disturbed = silent ? run(site, SILENCE) : run(site);
            assertThat(disturbed.files()).as(target).isEqualTo(calm.files());
            assertThat(waits).as(target).contains(Duration.ofSeconds(137), Duration.ofSeconds(7));
        }
    }

    @ParameterizedTest
    @MethodSource("sites")
    void faultsThatStayAreDeadLettersAndTheJobGoesOn(int index) throws Exception {
        RecordedSite site = site(index);
        List<String> targets = targets(site);
        Map<String, Answer> lasting = Map.of(
                "http-status",
                answer(
                        "500 Internal Server Error",
                        "{\"message\": \"boom\"}".getBytes(StandardCharsets.UTF_8),
                        "Content-Type: application/json"),
                "truncated",
                cutOff(100_000, "only this"),
                "too-large",
                out -> out.write(ReplayServer.head("200 OK", 1L << 40)),
                "timeout",
                SiteFaultsTest::silence);
        for (String target : targets) {
            for (var fault : lasting.entrySet()) {
                // These take their time: once a site is enough.
                if (!fault.getKey().equals("http-status") && !target.equals(targets.getLast())) {
                    continue;
                }
                server.fault((asked, turn) -> asked.equals(target) ? fault.getValue() : null);
                Manifest manifest = fault.getKey().equals("timeout") ? run(site, SILENCE) : run(site);
                String as = target + " " + fault.getKey();
                assertThat(ingestion("store").deadLetters(manifest).toString())
                        .as(as)
                        .contains(target.equals("/robots.txt") ? "opted-out" : fault.getKey());
                // What the pages of a listing before this one named stays.
                assertThat(documents(manifest)).as(as).hasSizeLessThanOrEqualTo(site.documents());
                assertThat(manifest.counts()).as(as).containsEntry("documents.source.calm", 1L);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("sites")
    void redirectsIntoPrivateNetworksAndToFilesAreRefused(int index) throws Exception {
        RecordedSite site = site(index);
        List<String> targets = targets(site);
        server.on("/secret", ok("text/plain", "secret"));
        List<String> places = List.of(
                "http://localhost:" + server.port() + "/secret",
                "http://169.254.169.254/latest/meta-data/",
                "file:///etc/passwd",
                "http://[::ffff:127.0.0.2]:" + server.port() + "/secret");
        for (int i = 0; i < targets.size(); i++) {
            String target = targets.get(i);
            String place = places.get((i + index) % places.size());
            server.fault((asked, turn) -> asked.equals(target) ? status("302 Found", "Location: " + place) : null);
            Manifest manifest = run(site);
            assertThat(ingestion("store").deadLetters(manifest).toString())
                    .as(target + " to " + place)
                    .contains(target.equals("/robots.txt") ? "opted-out" : "address-refused");
            assertThat(server.count("/secret")).isZero();
        }
    }

    @ParameterizedTest
    @MethodSource("sites")
    void aKilledTaskGoesOnToTheSameBytesAndKeepsItsDistance(int index) throws Exception {
        RecordedSite site = site(index);
        site.answers().accept(server, RecordedSite.FIRST);
        waits.clear();
        StageRunner.Result calm =
                ingestion("store").runner(Ingestion.spec(site.source())).run();
        if (!site.interval().isZero()) {
            assertThat(waits).anyMatch(wait -> wait.compareTo(site.interval()) >= 0);
        }
        for (long seed = 1; seed <= 2; seed++) {
            StageRunner.Result wild = ingestion("other-" + seed)
                    .runner(Ingestion.spec(site.source()))
                    .workers(2)
                    .disturbed(seed)
                    .run();
            assertThat(wild.artifact()).isEqualTo(calm.artifact());
        }
    }

    @ParameterizedTest
    @MethodSource("sites")
    void theNextVersionHasOnlyWhatChanged(int index) throws Exception {
        RecordedSite site = site(index);
        Ingestion ingestion = ingestion("store");
        site.answers().accept(server, RecordedSite.FIRST);
        var first = ingestion.runner(Ingestion.spec(site.source())).run();
        var same = ingestion
                .runner(Ingestion.spec(first.artifact(), site.source()))
                .run();
        assertThat(ingestion.documents(same.manifest())).isEmpty();
        assertThat(same.manifest().counts()).containsEntry("documents.unchanged", (long) site.documents());
        site.answers().accept(server, RecordedSite.SECOND);
        var second =
                ingestion.runner(Ingestion.spec(same.artifact(), site.source())).run();
        assertThat(ingestion.documents(second.manifest()))
                .singleElement()
                .satisfies(d -> assertThat(d.text()).contains(RecordedSite.SECOND));
        assertThat(second.manifest().counts().getOrDefault("documents.unchanged", 0L))
                .isEqualTo(site.documents() - 1L);
    }
}
