package dev.athanor.benchmarks;

import dev.athanor.benchmarks.data.DataBench;
import dev.athanor.benchmarks.engine.EngineBench;
import dev.athanor.benchmarks.engine.GenerateBench;
import dev.athanor.benchmarks.engine.ParallelBench;
import dev.athanor.benchmarks.engine.TrainBench;
import dev.athanor.benchmarks.engine.WindowBench;
import dev.athanor.benchmarks.models.NovelsBench;
import dev.athanor.benchmarks.tokenizers.TokenizerBench;
import dev.athanor.benchmarks.tokenizers.TokenizerMemoryBench;
import java.util.ArrayList;
import java.util.List;

/** {@code ./athanor bench NAME [--json]}. */
public final class Main {

    private static final List<Benchmark> BENCHMARKS = List.of(
            new EngineBench(),
            new TokenizerBench(),
            new TokenizerMemoryBench(),
            new TrainBench(),
            new ParallelBench(),
            new GenerateBench(),
            new WindowBench(),
            new DataBench(),
            new NovelsBench());

    private Main() {}

    public static void main(String[] arguments) throws Exception {
        List<String> names = new ArrayList<>(List.of(arguments));
        boolean json = names.remove("--json");
        if (names.size() != 1 || names.getFirst().startsWith("-")) {
            System.out.println("Usage: athanor bench NAME [--json]");
            BENCHMARKS.forEach(b -> System.out.printf("  %-16s %s%n", b.name(), b.description()));
            System.exit(names.equals(List.of("--help")) ? 0 : 2);
        }
        Benchmark benchmark = BENCHMARKS.stream()
                .filter(b -> b.name().equals(names.getFirst()))
                .findFirst()
                .orElse(null);
        if (benchmark == null) {
            System.err.println("athanor: expected one of "
                    + BENCHMARKS.stream().map(Benchmark::name).toList() + ", got '" + names.getFirst() + "'");
            System.exit(2);
            return;
        }
        var figures = new Figures(System.out, json);
        figures.note("java " + Runtime.version() + ", " + Runtime.getRuntime().availableProcessors() + " processors");
        benchmark.run(figures);
        System.exit(0);
    }
}
