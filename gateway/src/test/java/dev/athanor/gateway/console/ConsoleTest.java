package dev.athanor.gateway.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.athanor.artifacts.ArtifactStore;
import dev.athanor.contracts.artifact.ArtifactFile;
import dev.athanor.contracts.artifact.ArtifactId;
import dev.athanor.contracts.artifact.ArtifactKind;
import dev.athanor.contracts.artifact.Manifest;
import dev.athanor.contracts.job.StageType;
import dev.athanor.contracts.json.Json;
import dev.athanor.contracts.message.MetricPoint;
import dev.athanor.contracts.message.StageCommand;
import dev.athanor.contracts.message.StageEvent;
import dev.athanor.gateway.FakeInference;
import dev.athanor.gateway.FakeServices;
import dev.athanor.gateway.Gateway;
import dev.athanor.testing.TestInfrastructure;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.Test;

/** The console in a real browser; skipped where no Chromium is installed. Pictures go to target/console. */
class ConsoleTest {

    private static final String JOB = """
            {"name":"Novels and film reviews","seed":42,"stages":[
              {"id":"ingest","type":"ingestion.documents"},
              {"id":"reviews","type":"ingestion.labelled"},
              {"id":"clean","type":"preprocessing.clean","inputs":{"documents":"ingest"}},
              {"id":"tokenizer","type":"tokenizer.train","inputs":{"documents":"clean"}},
              {"id":"encode","type":"tokenizer.encode","inputs":{"documents":"clean","tokenizer":"tokenizer"}},
              {"id":"pretrain","type":"trainer.pretrain","inputs":{"tokens":"encode","tokenizer":"tokenizer"}},
              {"id":"finetune","type":"finetune.classifier","inputs":{"model":"pretrain","examples":"reviews"}},
              {"id":"report","type":"evaluation.sentiment","inputs":{"classifier":"finetune","examples":"reviews"}},
              {"id":"deploy","type":"inference.deploy","inputs":{"classifier":"finetune"}}]}
            """;
    private static final String REPORT = """
            {"split":"test","labels":["negative","neutral","positive"],
             "model":{"scores":{"accuracy":0.934,"macroF1":0.931,"confusion":[[188,6,6],[9,184,7],[4,8,188]]},
                      "accuracy":{"low":0.912,"high":0.953},"macroF1":{"low":0.909,"high":0.951}},
             "baseline":{"scores":{"accuracy":0.872,"macroF1":0.869}}}
            """;

    private final Map<String, StageCommand.Start> running = new ConcurrentHashMap<>();
    private final Set<String> heldBack = ConcurrentHashMap.newKeySet();
    private FakeServices services;
    private ArtifactStore store;

    @Test
    void showsJobsLiveProgressCurvesReportsAndTheModel() throws Exception {
        assumeTrue(ChromiumPage.find().isPresent(), "no Chromium");
        Gateway gateway = Gateway.shared();
        store = gateway.bean(ArtifactStore.class);
        heldBack.addAll(Set.of("pretrain", "report"));
        try (var fake = new FakeServices(TestInfrastructure.get().brokers(), this::serve);
                var page = new ChromiumPage(ChromiumPage.find().get())) {
            services = fake;
            String id = Json.MAPPER
                    .readTree(gateway.post("/v1/jobs", JOB).body())
                    .get("id")
                    .asString();
            String base = "http://127.0.0.1:" + gateway.port();
            page.size(1280, 900);

            page.open(base + "/");
            page.awaitText("Welcome", "API key");
            picture(page, "key");
            type(page, "#key", "ath_" + "x".repeat(43));
            page.awaitText("This key is not known.");
            page.errors.clear(); // the browser itself reports the refusal
            type(page, "#key", Gateway.ADMIN_KEY);
            page.awaitText("Novels and film reviews", "running");
            picture(page, "jobs");

            page.open(base + "/console/#/jobs/" + id);
            page.awaitText("pretrain", "loss 3.21", " left");
            page.awaitText("pretrain: loss", "validation.loss");
            picture(page, "job-running");
            assertThat(page.evaluate("document.querySelectorAll('svg.chart path').length")
                            .asInt())
                    .isEqualTo(2);
            heldBack.clear();
            finish(running.get("pretrain"));
            await(() -> running.containsKey("report"));
            finish(running.get("report"));
            page.awaitText("succeeded", "TF-IDF baseline", "93.4 %", "Confusion matrix");
            picture(page, "job-done");
            assertThat(page.errors).isEmpty();

            page.open(base + "/console/#/models");
            page.awaitText("Deployments", "sentiment", "100.0 %");
            picture(page, "models");
            page.open(base + "/console/#/try");
            page.awaitText("Texts, one on each line");
            page.evaluate("document.querySelector('form').requestSubmit()");
            page.awaitText("cannot be reached");
            page.errors.clear(); // the browser itself reports the 503
            try (var inference = FakeInference.positive(gateway.inferencePort())) {
                page.evaluate("document.querySelector('form').requestSubmit()");
                page.awaitText("91.0 %", "3 texts in");
                assertThat(inference.requests()).hasSize(1);
            }
            picture(page, "try");
            page.size(420, 900);
            page.open(base + "/console/#/jobs/" + id);
            page.awaitText("Confusion matrix");
            assertThat(page.evaluate("document.documentElement.scrollWidth").asInt())
                    .as("no sideways scrolling on a narrow screen")
                    .isLessThanOrEqualTo(420);
            picture(page, "narrow");
            assertThat(page.errors).isEmpty();
            assertThat(page.evaluate("localStorage.length + document.cookie.length")
                            .asInt())
                    .isZero();
        }
    }

    private void serve(StageCommand command) {
        if (!(command instanceof StageCommand.Start start) || !(services != null)) {
            return;
        }
        String stage = start.run().stageId();
        running.put(stage, start);
        services.say(new StageEvent.Started(start.run()));
        if (start.run().type() == StageType.PRETRAIN) {
            var points = new ArrayList<MetricPoint>();
            for (int step = 1; step <= 600; step++) {
                points.add(new MetricPoint(
                        "train.loss", step, 3.1 + 6 * Math.exp(-step / 120.0) + 0.08 * Math.sin(step * 1.7)));
                if (step % 100 == 0) {
                    points.add(new MetricPoint("validation.loss", step, 3.25 + 6 * Math.exp(-step / 115.0)));
                }
            }
            services.say(new StageEvent.MetricsRecorded(start.run(), points));
            services.say(new StageEvent.Progressed(start.run(), "execute", 600, 1000, "steps", 3.2, "loss 3.21"));
        }
        if (!heldBack.contains(stage)) {
            finish(start);
        }
    }

    private void finish(StageCommand.Start start) {
        ArtifactId made;
        try {
            made = start.run().type() == StageType.SENTIMENT_REPORT ? publishReport() : FakeServices.artifactOf(start);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
        services.say(new StageEvent.Completed(
                start.run(), made, new TreeMap<>(Map.of("documents", 12_345L, "bytes", 98_765_432L))));
    }

    private ArtifactId publishReport() throws IOException {
        var file = new ArtifactFile("report.json", store.put(REPORT.getBytes(StandardCharsets.UTF_8)));
        return store.publish(new Manifest(
                ArtifactKind.REPORT,
                1,
                List.of(file),
                new TreeMap<>(),
                new TreeMap<>(),
                Json.tree(StageType.SENTIMENT_REPORT.defaults()),
                42,
                "evaluation.sentiment/test",
                List.of()));
    }

    private static void await(java.util.function.BooleanSupplier condition) {
        org.awaitility.Awaitility.await()
                .atMost(java.time.Duration.ofSeconds(60))
                .until(condition::getAsBoolean);
    }

    private static void type(ChromiumPage page, String selector, String text) throws Exception {
        page.evaluate("{ const i = document.querySelector('" + selector + "'); i.value = '" + text
                + "'; i.form.requestSubmit(); }");
    }

    private static void picture(ChromiumPage page, String name) throws Exception {
        for (String scheme : List.of("light", "dark")) {
            page.colours(scheme);
            page.screenshot(Path.of("target", "console", name + "-" + scheme + ".png"));
        }
    }
}
