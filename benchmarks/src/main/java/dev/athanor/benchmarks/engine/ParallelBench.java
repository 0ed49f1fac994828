package dev.athanor.benchmarks.engine;

import ai.djl.Device;
import dev.athanor.benchmarks.Benchmark;
import dev.athanor.benchmarks.Figures;
import dev.athanor.benchmarks.TemporaryFolder;
import dev.athanor.libtorch.LaunchSettings;
import dev.athanor.libtorch.Rendezvous;
import dev.athanor.lm.LanguageModel;
import dev.athanor.lm.data.TokenStream;
import dev.athanor.lm.model.ModelConfig;
import dev.athanor.lm.train.CausalObjective;
import dev.athanor.lm.train.DataParallel;
import dev.athanor.lm.train.FolderCheckpoints;
import dev.athanor.lm.train.Precision;
import dev.athanor.lm.train.Pretraining;
import dev.athanor.lm.train.StepMetrics;
import dev.athanor.lm.train.TrainingConfig;
import dev.athanor.lm.train.TrainingListener;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * Two processes of one thread each train m10 together over loopback: gradients sent during the backward pass, and after it. The two take
 * turns, run by run, so that what else the machine does meets both.
 *
 * <p>System properties: {@code athanor.bench.types}, {@code athanor.bench.steps}.
 */
public final class ParallelBench implements Benchmark {

    private static final int WARM_UP = 2;
    private static final int ROUNDS = 2;
    private static final DecoderShape SHAPE = DecoderShape.M10;

    /** Registered in the list of benchmarks. */
    public ParallelBench() {}

    @Override
    public String name() {
        return "parallel";
    }

    @Override
    public String description() {
        return "two processes train one model over loopback: gradients sent during and after the backward pass";
    }

    @Override
    public void run(Figures figures) throws Exception {
        for (String type :
                System.getProperty("athanor.bench.types", "bf16,fp32").split(",")) {
            String told;
            try (var work = TemporaryFolder.create()) {
                told = together(type, work.path());
            }
            double during = seconds(told, "during");
            double after = seconds(told, "after");
            figures.higherIsBetter(
                    "parallel_m10_" + type + "_during_backward",
                    SHAPE.tokens() / during,
                    "tok/s",
                    "after",
                    SHAPE.tokens() / after);
            told.lines()
                    .filter(line -> line.startsWith("during") || line.startsWith("after"))
                    .forEach(figures::note);
        }
    }

    /** What the first of two processes prints. */
    private static String together(String type, Path work) throws Exception {
        int port;
        try (ServerSocket socket = new ServerSocket(0)) {
            port = socket.getLocalPort();
        }
        List<Process> processes = new ArrayList<>();
        try {
            for (int rank = 0; rank < 2; rank++) {
                processes.add(start(type, rank, port, work));
            }
            var failures = new StringBuilder();
            for (int rank = 0; rank < 2; rank++) {
                if (processes.get(rank).waitFor() != 0) {
                    failures.append(Files.readString(output(work, rank)));
                }
            }
            if (!failures.isEmpty()) {
                throw new IllegalStateException("a process failed:\n" + failures);
            }
            return Files.readString(output(work, 0));
        } finally {
            processes.forEach(Process::destroyForcibly);
        }
    }

    private static Path output(Path work, int rank) {
        return work.resolve("output-" + rank);
    }

    /** Median over the steps of all rounds. */
    private static double seconds(String told, String mode) {
        double[] all = told.lines()
                .filter(line -> line.startsWith(mode + " "))
                .flatMap(line -> Arrays.stream(line.substring(mode.length() + 1).split(" ")))
                .mapToDouble(Double::parseDouble)
                .sorted()
                .toArray();
        return all[all.length / 2];
    }

    private static Process start(String type, int rank, int port, Path work) throws Exception {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(LaunchSettings.jvmFlags());
        command.addAll(List.of(
                "-Xmx1g",
                "-Djava.io.tmpdir=" + work,
                "-Dathanor.bench.steps=" + Integer.getInteger("athanor.bench.steps", 6),
                "-cp",
                System.getProperty("java.class.path"),
                ParallelBench.class.getName(),
                type,
                Integer.toString(rank),
                Integer.toString(port)));
        var builder = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(output(work, rank).toFile());
        builder.environment().putAll(LaunchSettings.environment());
        builder.environment().put("OMP_NUM_THREADS", "1");
        return builder.start();
    }

    /** One process: precision, rank, port. */
    public static void main(String[] arguments) throws Exception {
        Precision precision = Precision.of(arguments[0]);
        int rank = Integer.parseInt(arguments[1]);
        var place = new Rendezvous("127.0.0.1", Integer.parseInt(arguments[2]), rank, 2, Duration.ofSeconds(60));
        try (DataParallel team = DataParallel.join(Device.cpu(), place)) {
            for (int round = 0; round < ROUNDS; round++) {
                Path shared =
                        Path.of(System.getProperty("java.io.tmpdir"), "athanor-bench-" + place.port() + "-" + round);
                train(precision, team.withoutOverlap(), "after", shared.resolve("after"));
                train(precision, team, "during", shared.resolve("during"));
            }
        }
        Runtime.getRuntime().halt(0);
    }

    private static void train(Precision precision, DataParallel team, String mode, Path shared) throws Exception {
        int steps = WARM_UP + Integer.getInteger("athanor.bench.steps", 6);
        var config = TrainingConfig.builder(steps, SHAPE.batch())
                .microBatchSize(SHAPE.batch() / 2)
                .precision(precision)
                .warmupSteps(10)
                .validationTokens(1)
                .seed(1)
                .build();
        Path folder = Files.createTempDirectory("athanor-bench");
        var model = ModelConfig.gpt2(SHAPE.vocabulary(), SHAPE.time(), SHAPE.layers(), SHAPE.heads(), SHAPE.width());
        var ids = new int[1_000_000];
        Arrays.setAll(ids, i -> (int) (i * 31L % SHAPE.vocabulary()));
        var line = new StringBuilder(mode);
        try (LanguageModel trained = LanguageModel.create(model.build(), 1, Device.cpu())) {
            new Pretraining(
                            trained,
                            config,
                            new CausalObjective(TokenStream.of(ids), SHAPE.time(), 1, null, 1),
                            new FolderCheckpoints(shared),
                            folder)
                    .together(team)
                    .run(new TrainingListener() {
                        @Override
                        public void step(StepMetrics metrics) {
                            if (metrics.step() > WARM_UP) {
                                line.append(String.format(Locale.ROOT, " %.4f", metrics.seconds()));
                            }
                        }
                    });
        }
        if (team.rank() == 0) {
            System.out.println(line);
            System.out.flush();
        }
    }
}
