package dev.athanor.trainer.pretraining;

import static org.assertj.core.api.Assertions.assertThat;

import dev.athanor.artifacts.LocalArtifactStore;
import dev.athanor.contracts.artifact.ArtifactFile;
import dev.athanor.contracts.artifact.ArtifactId;
import dev.athanor.contracts.job.StageType;
import dev.athanor.contracts.json.Json;
import dev.athanor.contracts.spec.PretrainSpec;
import dev.athanor.lm.format.SafetensorsFile;
import dev.athanor.lm.train.TrainingListener;
import dev.athanor.stage.api.TaskOutput;
import dev.athanor.stage.testing.StageRunner;
import dev.athanor.testing.TestInfrastructure;
import dev.athanor.trainer.group.LedgerReport;
import dev.athanor.trainer.group.SampleRange;
import java.io.BufferedReader;
import java.io.IOException;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.assertj.core.data.Offset;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

/**
 * Two processes train one model; one of them is killed (kill -9) in the middle, or frozen (kill -STOP) with its connections open, and
 * another takes its place.
 */
@Timeout(600)
class KilledWorkerTest {

    private static final String SPEC = """
            {"model": {"style": "llama", "layers": 1, "heads": 2, "keyValueHeads": 2, "width": 16, "context": 16},
             "steps": 40, "batchSize": 8, "precision": "fp32", "device": "cpu", "learningRate": 0.002, "warmupSteps": 5,
             "checkpointEverySteps": 6, "validateEverySteps": 0, "workers": 2}""";

    @TempDir
    Path folder;

    private String url;
    private ArtifactId tokens;
    private ArtifactId tokenizer;

    @ParameterizedTest
    @ValueSource(strings = {"KILL", "STOP"})
    void aLostWorkerLosesNoSampleAndRepeatsNone(String signal) throws Exception {
        TestInfrastructure infrastructure = TestInfrastructure.get();
        url = infrastructure.newDatabase();
        var database = new DriverManagerDataSource(url, infrastructure.user(), infrastructure.password());
        Flyway.configure()
                .dataSource(database)
                .locations("classpath:db/trainer-service")
                .load()
                .migrate();
        try (var store = new LocalArtifactStore(folder)) {
            var artifacts = new TokenArtifacts(store, folder);
            tokens = artifacts.tokens(3, 10);
            tokenizer = artifacts.tokenizer();
            // The first of the group is the one that serves the rendezvous and publishes the checkpoints.
            Process victim = start(0, 20);
            Process survivor = start(1, -1);
            awaitLine(victim, WorkerProcess.WAITING);
            send(signal, victim);
            Process replacement = start(0, -1);
            TaskOutput handedIn = output(replacement);
            assertThat(output(survivor).files()).isEmpty();
            // Whoever was frozen wakes up without its lease, and finds that it has no part in this any more.
            send("CONT", victim);
            victim.getOutputStream().close();
            victim.waitFor();

            LedgerReport ledger = WorkerProcess.groups(database).report(WorkerProcess.run("job"));
            assertThat(ledger.faults()).isEmpty();
            assertThat(ledger.exactlyOnce()).isTrue();
            assertThat(ledger.samples()).isEqualTo(40 * 8);
            assertThat(ledger.ranges())
                    .filteredOn(range -> range.status() == SampleRange.Status.COMMITTED)
                    .extracting(SampleRange::generation)
                    .contains(1L, 2L);
            // The corpus has fewer samples than the run takes.
            assertThat(ledger.ranges()).extracting(SampleRange::epoch).contains(0L, 1L);
            assertAlike(weights(store, handedIn.files()), weights(store, undisturbed(store)));
        }
    }

    private List<ArtifactFile> undisturbed(LocalArtifactStore store) throws Exception {
        return StageRunner.of(new PretrainStage(new TrainingListener() {}, new SoloGroups()), store)
                .spec((PretrainSpec) StageType.PRETRAIN.readSpec(Json.MAPPER.readTree(SPEC)))
                .input("tokens", tokens)
                .input("tokenizer", tokenizer)
                .seed(5)
                .run()
                .manifest()
                .files();
    }

    private static Path weights(LocalArtifactStore store, List<ArtifactFile> files) throws IOException {
        return store.local(files.stream()
                .filter(file -> file.name().equals("model.safetensors"))
                .findFirst()
                .orElseThrow()
                .blob());
    }

    private static void assertAlike(Path one, Path other) throws IOException {
        try (var a = SafetensorsFile.open(one);
                var b = SafetensorsFile.open(other)) {
            assertThat(a.tensors().keySet()).isEqualTo(b.tensors().keySet());
            for (String name : a.tensors().keySet()) {
                assertThat(a.tensor(name).bytes().toArray(ValueLayout.JAVA_FLOAT_UNALIGNED))
                        .as(name)
                        .containsExactly(
                                b.tensor(name).bytes().toArray(ValueLayout.JAVA_FLOAT_UNALIGNED), Offset.offset(1e-5f));
            }
        }
    }

    private Process start(int slot, long deadly) throws IOException {
        TestInfrastructure infrastructure = TestInfrastructure.get();
        var builder = new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx256m",
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                WorkerProcess.class.getName(),
                url,
                infrastructure.user(),
                infrastructure.password(),
                folder.toString(),
                "job",
                Integer.toString(slot),
                tokens.value(),
                tokenizer.value(),
                SPEC,
                Long.toString(deadly));
        builder.environment().put("OMP_NUM_THREADS", "1");
        builder.environment().put("OMP_WAIT_POLICY", "PASSIVE");
        return builder.redirectErrorStream(true).start();
    }

    private static void send(String signal, Process process) throws Exception {
        int status = new ProcessBuilder("kill", "-" + signal, Long.toString(process.pid()))
                .start()
                .waitFor();
        assertThat(status == 0 || !process.isAlive()).as("kill -%s", signal).isTrue();
    }

    private static String awaitLine(Process process, String start) throws IOException {
        BufferedReader reader = process.inputReader(StandardCharsets.UTF_8);
        var seen = new StringBuilder();
        for (String line = reader.readLine(); line != null; line = reader.readLine()) {
            if (line.startsWith(start)) {
                return line;
            }
            seen.append(line).append('\n');
        }
        throw new AssertionError("no line '" + start + "' in:\n" + seen);
    }

    private static TaskOutput output(Process process) throws IOException {
        String start = "output ";
        return Json.MAPPER.readValue(awaitLine(process, start).substring(start.length()), TaskOutput.class);
    }
}
