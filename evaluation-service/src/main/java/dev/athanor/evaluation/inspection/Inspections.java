package dev.athanor.evaluation.inspection;

import dev.athanor.contracts.spec.InspectSpec;
import dev.athanor.lm.inspect.AttentionMaps;
import dev.athanor.lm.inspect.Distribution;
import dev.athanor.lm.inspect.Relevance;
import dev.athanor.lm.inspect.ValueDistributions;
import dev.athanor.lm.model.ModelConfig;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/** Makes the reports from what the library finds. */
final class Inspections {

    /** Of attention maps in one report, so that it stays readable and below what the gateway hands out. */
    static final long MOST_CELLS = 400_000;

    private static final MathContext DIGITS = new MathContext(6);

    private Inspections() {}

    /** Called before each text. */
    interface Progress {
        void text(int number) throws InterruptedException;
    }

    static InspectionReport.Attention attention(Subject subject, InspectSpec spec, Progress progress)
            throws InterruptedException {
        ModelConfig config = subject.model().config();
        List<Integer> layers = chosen("layers", spec.layers(), config.layers());
        List<Integer> heads = chosen("heads", spec.heads(), config.heads());
        List<Tokens> all = spec.texts().stream()
                .map(text -> subject.tokens(text, spec.maxTokens()))
                .toList();
        long cells = all.stream()
                .mapToLong(t -> (long) t.ids().length * t.ids().length * layers.size() * heads.size())
                .sum();
        if (cells > MOST_CELLS) {
            throw Subject.refused("the attention maps have " + cells + " cells in " + layers.size() + " layers with "
                    + heads.size() + " heads; expected at most " + MOST_CELLS
                    + ": choose layers or heads, or lower maxTokens");
        }
        List<InspectionReport.Attention.Text> texts = new ArrayList<>();
        for (Tokens tokens : all) {
            progress.text(texts.size());
            float[][][][] maps = AttentionMaps.of(subject.model(), tokens.ids());
            List<InspectionReport.Attention.Map> kept = new ArrayList<>();
            for (int layer : layers) {
                for (int head : heads) {
                    kept.add(new InspectionReport.Attention.Map(layer, head, rows(maps[layer][head])));
                }
            }
            texts.add(new InspectionReport.Attention.Text(tokens.labels(), tokens.truncated(), kept));
        }
        return new InspectionReport.Attention(spec.kind(), texts);
    }

    private static List<Integer> chosen(String field, List<Integer> numbers, int count) {
        if (numbers.stream().anyMatch(n -> n >= count)) {
            throw Subject.refused(field + ": expected numbers from 0 to " + (count - 1) + ", got " + numbers);
        }
        return numbers.isEmpty() ? IntStream.range(0, count).boxed().toList() : numbers;
    }

    private static List<List<Double>> rows(float[][] map) {
        return Arrays.stream(map)
                .map(row -> IntStream.range(0, row.length)
                        .mapToObj(s -> Math.round(row[s] * 1e4) / 1e4)
                        .toList())
                .toList();
    }

    static InspectionReport.Relevance relevance(Subject subject, InspectSpec spec, Progress progress)
            throws InterruptedException {
        List<InspectionReport.Relevance.Text> texts = new ArrayList<>();
        for (String text : spec.texts()) {
            progress.text(texts.size());
            Tokens tokens = subject.tokens(text, spec.maxTokens());
            Relevance made = Relevance.of(
                    subject.model(),
                    tokens.ids(),
                    subject.row(tokens),
                    subject.target(spec.target()),
                    spec.contrasted());
            texts.add(new InspectionReport.Relevance.Text(
                    tokens.labels(),
                    tokens.truncated(),
                    made.row(),
                    subject.targetName(made.target()),
                    rounded(made.probability()),
                    rounded(made.explained()),
                    rounded(made.tokens()),
                    rounded(made.biases()),
                    rounded(made.residue()),
                    made.layers().stream().map(Inspections::rounded).toList()));
        }
        return new InspectionReport.Relevance(spec.kind(), spec.contrasted(), texts);
    }

    static InspectionReport.Histograms histograms(Subject subject, InspectSpec spec, Progress progress)
            throws InterruptedException {
        progress.text(0);
        List<ValueDistributions.Example> batch = spec.texts().stream()
                .map(text -> subject.example(subject.tokens(text, spec.maxTokens()), subject.target(spec.target())))
                .toList();
        if (batch.stream()
                .allMatch(e -> Arrays.stream(e.targets()).allMatch(t -> t == ValueDistributions.Example.NONE))) {
            throw Subject.refused("texts: nothing to predict; expected a text of at least two tokens");
        }
        ValueDistributions made = ValueDistributions.of(subject.model(), batch);
        return new InspectionReport.Histograms(
                spec.kind(),
                rounded(made.loss()),
                batch.stream().mapToLong(e -> e.ids().length).sum(),
                rounded(Distribution.binEdges()),
                places(made.activations()),
                places(made.parameters()));
    }

    private static List<InspectionReport.Histograms.Place> places(List<ValueDistributions.Place> places) {
        return places.stream()
                .map(p -> new InspectionReport.Histograms.Place(p.name(), rounded(p.values()), rounded(p.gradients())))
                .toList();
    }

    private static Distribution rounded(Distribution d) {
        return new Distribution(
                d.count(),
                d.nan(),
                d.infinite(),
                rounded(d.min()),
                rounded(d.max()),
                rounded(d.mean()),
                rounded(d.deviation()),
                rounded(d.zeros()),
                d.negative(),
                d.positive());
    }

    private static List<Double> rounded(double[] values) {
        return Arrays.stream(values).mapToObj(Inspections::rounded).toList();
    }

    private static double rounded(double value) {
        return Double.isFinite(value) ? new BigDecimal(value).round(DIGITS).doubleValue() : value;
    }
}
