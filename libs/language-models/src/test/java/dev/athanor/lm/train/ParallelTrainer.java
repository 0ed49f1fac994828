package dev.athanor.lm.train;

import ai.djl.Device;
import dev.athanor.libtorch.Rendezvous;
import dev.athanor.lm.LanguageModel;
import dev.athanor.lm.Texts;
import dev.athanor.lm.model.Experts;
import dev.athanor.lm.model.ModelConfig;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;

/**
 * One process of {@link DataParallelTest}. Arguments: model, precision, rank, size, port, folder, and {@code in-turn} where gradients
 * are to be exchanged only after the backward pass; size 1 trains alone.
 */
final class ParallelTrainer {

    static final long STEPS = 12;

    private ParallelTrainer() {}

    public static void main(String[] args) throws Exception {
        int rank = Integer.parseInt(args[2]);
        int size = Integer.parseInt(args[3]);
        var place = new Rendezvous("127.0.0.1", Integer.parseInt(args[4]), rank, size, Duration.ofSeconds(60));
        try (DataParallel team = size == 1 ? DataParallel.ALONE : DataParallel.join(Device.cpu(), place)) {
            DataParallel asAsked = args.length > 6 ? team.withoutOverlap() : team;
            train(args[0], Precision.valueOf(args[1]), asAsked, Path.of(args[5]), rank == 0 ? -1 : 7);
        }
        System.out.println("done");
        System.out.flush();
        Runtime.getRuntime().halt(0);
    }

    /** @param pause step after which a file {@code pause} in the folder stops training; -1 = none */
    static void train(String kind, Precision precision, DataParallel team, Path folder, long pause) throws Exception {
        Path work = Files.createDirectories(folder.resolve("work-" + team.rank()));
        try (LanguageModel model = LanguageModel.create(model(kind), 3, Device.cpu())) {
            var training = new Pretraining(
                            model,
                            config(precision).toBuilder()
                                    .recompute(kind.equals("recomputed"))
                                    .averageDecay(kind.equals("averaged") ? 0.9 : 0)
                                    .build(),
                            Texts.chain(37, 5000, 1),
                            Texts.chain(37, 500, 2),
                            new FolderCheckpoints(folder.resolve("checkpoints")),
                            work)
                    .together(team);
            var listener = new PauseAt(pause, Files.exists(folder.resolve("pause")));
            Pretraining.Result result = training.run(listener);
            System.out.printf(
                    Locale.ROOT,
                    "loss %.6f validation %.6f joules %.0f early %d%n",
                    result.lossAverage(),
                    result.validationLoss(),
                    listener.joules,
                    training.bucketsSentEarly());
            if (team.rank() == 0) {
                model.save(folder.resolve("model"));
            }
        } catch (InterruptedException e) {
            System.out.println("stopped");
        } catch (PeerStoppedException e) {
            System.out.println("peer stopped");
        }
    }

    /** Micro-batches of 2 in batches of 8. */
    private static TrainingConfig config(Precision precision) {
        return TrainingConfig.builder(STEPS, 8)
                .microBatchSize(2)
                .precision(precision)
                .learningRate(1e-2)
                .warmupSteps(4)
                .checkpointEvery(5)
                .validateEvery(4)
                .validationTokens(1000)
                .seed(11)
                .build();
    }

    static ModelConfig model(String kind) {
        return switch (kind) {
            case "gpt2" -> ModelConfig.gpt2(37, 16, 2, 2, 32).dropout(0.1).build();
            case "llama", "recomputed", "averaged" ->
                ModelConfig.llama(37, 16, 2, 2, 32).build();
            case "shared" ->
                ModelConfig.llama(37, 16, 4, 2, 32).distinctLayers(2).build();
            case "experts" ->
                ModelConfig.llama(37, 16, 2, 2, 32)
                        .experts(new Experts(4, 2, 1.25, 0.01, 0.001))
                        .build();
            default -> throw new IllegalArgumentException(kind);
        };
    }

    private static final class PauseAt implements TrainingListener {
        private final long step;
        private final boolean asked;
        private long done;
        private double joules;

        PauseAt(long step, boolean asked) {
            this.step = step;
            this.asked = asked;
        }

        @Override
        public void step(StepMetrics metrics) {
            done = metrics.step();
            joules += metrics.energyJoules();
        }

        /** One a step and machine. */
        @Override
        public double energyJoules(double seconds) {
            return 1;
        }

        @Override
        public void checkStop() throws InterruptedException {
            if (asked && done == step) {
                throw new InterruptedException("asked to");
            }
        }
    }
}
