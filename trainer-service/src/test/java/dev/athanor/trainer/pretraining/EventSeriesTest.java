package dev.athanor.trainer.pretraining;

import static org.assertj.core.api.Assertions.assertThat;

import dev.athanor.artifacts.LocalArtifactStore;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EventSeriesTest {

    @TempDir
    Path folder;

    @Test
    void anAttemptThatOnlyEndsTheRunLosesNoPointsOfTheOneThatMadeIt() throws Exception {
        try (var store = new LocalArtifactStore(folder.resolve("store"))) {
            var scratch = store.scratch("run");
            var made = new EventSeries(scratch, Files.createDirectory(folder.resolve("a")), 0);
            for (long step = 1; step <= 3; step++) {
                made.add(step, "loss", 2.0 / step);
            }
            made.add(3, "validation_loss", 1.5);
            made.publish(3);
            var ended = new EventSeries(scratch, Files.createDirectory(folder.resolve("b")), 0);
            ended.add(3, "validation_loss", 1.5);
            Path whole = made.write(3);
            Path again = ended.write(3);
            assertThat(again).hasSameBinaryContentAs(whole);
            assertThat(Files.readString(again, StandardCharsets.ISO_8859_1)
                            .replace("validation_loss", "")
                            .split("loss", -1))
                    .hasSize(4);
        }
    }
}
