package dev.athanor.lm.train;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.Device;
import dev.athanor.lm.LanguageModel;
import dev.athanor.lm.Texts;
import dev.athanor.lm.model.ModelConfig;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** libtorch's random generator belongs to the process; two trainings that draw from it at once must not notice each other. */
class ConcurrentTrainingTest {

    private static final int RUNS = 2;

    @TempDir
    Path folder;

    @Test
    void layersComputedAgainDropTheSameWhoeverTrainsBeside() throws Exception {
        List<float[]> alone = new ArrayList<>();
        for (int run = 0; run < RUNS; run++) {
            alone.add(trained("alone", run));
        }
        var start = new CyclicBarrier(RUNS);
        List<Future<float[]>> together;
        try (var threads = Executors.newFixedThreadPool(RUNS)) {
            List<Callable<float[]>> tasks = new ArrayList<>();
            for (int run = 0; run < RUNS; run++) {
                int number = run;
                tasks.add(() -> {
                    start.await();
                    return trained("together", number);
                });
            }
            together = threads.invokeAll(tasks);
        }
        for (int run = 0; run < RUNS; run++) {
            assertThat(together.get(run).get()).isEqualTo(alone.get(run));
        }
    }

    private float[] trained(String name, int run) throws Exception {
        Path place = Files.createDirectories(folder.resolve(name + run));
        var config = TrainingConfig.builder(40, 8)
                .microBatchSize(2)
                .precision(Precision.FP32)
                .learningRate(1e-2)
                .warmupSteps(2)
                .validationTokens(100)
                .seed(run)
                .recompute(true)
                .build();
        ModelConfig shape = ModelConfig.llama(11, 16, 3, 2, 16).dropout(0.2).build();
        try (LanguageModel model = LanguageModel.create(shape, 1, Device.cpu())) {
            new Pretraining(model, config, Texts.chain(11, 1000, 3), null, new FolderCheckpoints(place), place)
                    .run(new TrainingListener() {});
            return model.parameter("layers.0.attention.qkv.weight").toFloatArray();
        }
    }
}
