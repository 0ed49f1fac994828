package dev.athanor.benchmarks.data;

import com.github.pemistahl.lingua.api.LanguageDetectorBuilder;
import dev.athanor.benchmarks.Figures;
import dev.athanor.preprocessing.language.LanguageIdentifier;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import tools.jackson.databind.JsonNode;

/** Language identification over the joint set of {@code langid}, beside lingua on a part of it. */
final class LanguageFigures {

    private static final String ROWS = "data/langid/langid_eval.jsonl.zst";
    /** lingua is slow: one row in so many. */
    private static final int OF_LINGUA = 20;

    private record Row(String language, String text) {}

    private LanguageFigures() {}

    static void print(Figures figures, double share) throws Exception {
        List<Row> rows = new ArrayList<>();
        for (JsonNode row : SharedText.rows(ROWS)) {
            rows.add(new Row(row.get("lang").asString(), row.get("text").asString()));
        }
        if (rows.isEmpty()) {
            figures.note(ROWS + " is absent: language identification left out");
            return;
        }
        var identifier = new LanguageIdentifier();
        UnaryOperator<String> own = text -> identifier.identify(text).language();
        figures.higherIsBetter(
                "language, accuracy over " + rows.size() + " texts", accuracy(rows, own), "", "goal", 0.946);
        double rate = Rate.aSecond(rows.size(), () -> {
            for (Row row : rows) {
                DataBench.sink += own.apply(row.text).length();
            }
        });
        figures.higherIsBetter("language identification, a core", rate, "docs/s", "goal", 15_000);
        List<Row> part = new ArrayList<>();
        for (int i = 0; i < rows.size() * share; i += OF_LINGUA) {
            part.add(rows.get(i));
        }
        var lingua = LanguageDetectorBuilder.fromAllLanguages().build();
        UnaryOperator<String> peer =
                text -> lingua.detectLanguageOf(text).getIsoCode639_1().toString();
        // The first pass loads its models.
        double peerAccuracy = accuracy(part, peer);
        long start = System.nanoTime();
        accuracy(part, peer);
        double peerRate = part.size() / ((System.nanoTime() - start) / 1e9);
        figures.higherIsBetter(
                "language, accuracy over " + part.size() + " of them", accuracy(part, own), "", "lingua", peerAccuracy);
        figures.higherIsBetter("language identification, a core", rate, "docs/s", "lingua", peerRate);
    }

    private static double accuracy(List<Row> rows, UnaryOperator<String> identifier) {
        long right = rows.stream()
                .filter(row -> identifier.apply(row.text).equals(row.language))
                .count();
        return (double) right / rows.size();
    }
}
