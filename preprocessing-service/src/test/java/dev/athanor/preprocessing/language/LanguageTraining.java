package dev.athanor.preprocessing.language;

import com.github.luben.zstd.ZstdInputStream;
import dev.athanor.contracts.json.Json;
import dev.athanor.preprocessing.extract.WebGold;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.stream.IntStream;
import java.util.zip.ZipFile;

/**
 * Makes the weights of {@link LanguageIdentifier}: softmax regression (Adagrad), from the weights of OpenNLP's detector, on the
 * Leipzig sentences of {@code data/langid} that are not in its joint set, without a tenth by hash, and on half, by hash, of the
 * Universal Declaration's pieces in languages that only OpenNLP's detector knows. Run with the folder {@code shared} and the file
 * to write.
 */
final class LanguageTraining {

    private static final int EPOCHS = 4;
    private static final float RATE = 0.04f;
    private static final int RAREST = 20;
    /** Smaller weights are left out of the file. */
    private static final float SMALLEST = 0.06f;
    /** A training example shows at least this share of its n-grams. */
    private static final double LEAST_SHOWN = 0.2;
    /** The few pieces of the Declaration count so many times. */
    private static final int DECLARATION_REPEATS = 8;

    private static final int PIECE = 200;

    private static final Map<String, String> MERGED =
            Map.of("cmn", "zh", "pes", "fa", "lvs", "lv", "ekk", "et", "plt", "mg");

    /** Languages without sentences in {@code data/langid} → their file of the Declaration. */
    private static final Map<String, String> DECLARATIONS = new TreeMap<>(Map.ofEntries(
            Map.entry("sa", "san"),
            Map.entry("min", "min"),
            Map.entry("fo", "fao"),
            Map.entry("ceb", "ceb"),
            Map.entry("mt", "mlt"),
            Map.entry("lb", "ltz"),
            Map.entry("kn", "kan"),
            Map.entry("ne", "nep"),
            Map.entry("war", "war"),
            Map.entry("nds", "nds"),
            Map.entry("gl", "glg"),
            Map.entry("fy", "fri"),
            Map.entry("uz", "uzn_latn"),
            Map.entry("ml", "mal"),
            Map.entry("br", "bre"),
            Map.entry("jv", "jav"),
            Map.entry("ky", "kir"),
            Map.entry("oc", "lnc"),
            Map.entry("tg", "tgk"),
            Map.entry("tt", "tat"),
            Map.entry("ps", "pbu"),
            Map.entry("su", "sun"),
            Map.entry("ast", "ast"),
            Map.entry("pnb", "pnb"),
            Map.entry("mg", "plt")));

    /** A text and its language. */
    record Row(String language, String text) {}

    private record Example(int language, int[] ngrams) {}

    private final List<String> languages;
    private final long[] ngrams;
    private final float[] weights;

    private LanguageTraining(List<String> languages, long[] ngrams) {
        this.languages = languages;
        this.ngrams = ngrams;
        weights = new float[ngrams.length * languages.size()];
    }

    public static void main(String[] arguments) throws IOException {
        Path shared = Path.of(arguments[0]);
        List<Row> rows = new ArrayList<>();
        sentences(shared).stream().filter(r -> !isHeldOut(r, 10)).forEach(rows::add);
        List<Row> declarations =
                declarations(shared).stream().filter(r -> !isHeldOut(r, 2)).toList();
        IntStream.range(0, DECLARATION_REPEATS).forEach(i -> rows.addAll(declarations));
        MaxentModel start = MaxentModel.ofResource("langdetect-183.bin");
        List<String> known = codes(start.languages());
        List<String> languages =
                rows.stream().map(Row::language).distinct().sorted().toList();
        var training = new LanguageTraining(languages, vocabulary(rows, start));
        training.startFrom(start, known);
        training.train(rows);
        training.write(Path.of(arguments[1]));
    }

    /** The Leipzig sentences that are not in the joint set. */
    static List<Row> sentences(Path shared) throws IOException {
        Set<String> measured = new HashSet<>();
        try (var lines = new BufferedReader(new InputStreamReader(
                new ZstdInputStream(Files.newInputStream(shared.resolve("data/langid/langid_eval.jsonl.zst"))),
                StandardCharsets.UTF_8))) {
            lines.lines()
                    .map(l -> Json.MAPPER.readTree(l).get("text").asString().strip())
                    .forEach(measured::add);
        }
        var rows = new ArrayList<Row>();
        var files = new TreeMap<>(WebGold.readPaths(shared.resolve("data/langid/lingua_testdata.tar.zst")));
        files.forEach((path, bytes) -> {
            if (path.contains("sentences/") && path.endsWith(".txt")) {
                String language = path.substring(path.lastIndexOf('/') + 1, path.length() - 4);
                new String(bytes, StandardCharsets.UTF_8)
                        .lines()
                        .map(String::strip)
                        .filter(line -> !line.isEmpty() && !measured.contains(line))
                        .forEach(line -> rows.add(new Row(language, line)));
            }
        });
        return rows;
    }

    /** Pieces of the Universal Declaration of Human Rights. */
    static List<Row> declarations(Path shared) throws IOException {
        var rows = new ArrayList<Row>();
        try (var zip = new ZipFile(shared.resolve("data/nltk/udhr2.zip").toFile())) {
            for (var file : DECLARATIONS.entrySet()) {
                byte[] bytes = zip.getInputStream(zip.getEntry("udhr2/" + file.getValue() + ".txt"))
                        .readAllBytes();
                String text = new String(bytes, StandardCharsets.UTF_8).replaceAll("\\s+", " ");
                for (int i = 0; i + PIECE < text.length(); i += PIECE) {
                    rows.add(new Row(file.getKey(), text.substring(i, i + PIECE)));
                }
            }
        }
        return rows;
    }

    /** One row in so many, by the hash of its text, is never trained on. */
    static boolean isHeldOut(Row row, int oneIn) {
        return Integer.parseInt(
                                Json.sha256Hex(row.text().getBytes(StandardCharsets.UTF_8))
                                        .substring(0, 4),
                                16)
                        % oneIn
                == 0;
    }

    private static List<String> codes(List<String> iso3) {
        Map<String, String> twoLetters = new HashMap<>(MERGED);
        for (String two : Locale.getISOLanguages()) {
            twoLetters.putIfAbsent(Locale.of(two).getISO3Language(), two);
        }
        return iso3.stream().map(code -> twoLetters.getOrDefault(code, code)).toList();
    }

    private static long[] vocabulary(List<Row> rows, MaxentModel start) {
        Map<Long, Integer> documents = new HashMap<>();
        for (Row row : rows) {
            for (long ngram : distinct(row.text())) {
                documents.merge(ngram, 1, Integer::sum);
            }
        }
        Set<Long> kept = new HashSet<>();
        documents.forEach((ngram, count) -> {
            if (count >= RAREST) {
                kept.add(ngram);
            }
        });
        start.weights().keySet().stream()
                .filter(n -> n.length() <= NgramWeights.MAX_N)
                .forEach(n -> kept.add(pack(n)));
        return kept.stream().mapToLong(n -> n).sorted().toArray();
    }

    private static long pack(String ngram) {
        long packed = 0;
        for (int i = 0; i < ngram.length(); i++) {
            packed = packed << 16 | ngram.charAt(i);
        }
        return packed;
    }

    private static long[] distinct(String text) {
        var all = new long[NgramWeights.MAX_N * Ngrams.ENOUGH];
        var count = new int[1];
        Ngrams.visit(text, NgramWeights.MAX_N, ngram -> all[count[0]++] = ngram);
        return Arrays.stream(all, 0, count[0]).sorted().distinct().toArray();
    }

    private void startFrom(MaxentModel start, List<String> known) {
        start.weights().forEach((ngram, its) -> {
            int row = Arrays.binarySearch(ngrams, pack(ngram)) * languages.size();
            for (int i = 0; row >= 0 && i < its.languages().length; i++) {
                int language = languages.indexOf(known.get(its.languages()[i]));
                if (language >= 0) {
                    weights[row + language] = its.values()[i];
                }
            }
        });
    }

    private void train(List<Row> rows) {
        List<Example> examples = new ArrayList<>();
        for (Row row : rows) {
            int[] ids = Arrays.stream(distinct(row.text()))
                    .mapToInt(n -> Arrays.binarySearch(ngrams, n))
                    .filter(i -> i >= 0)
                    .toArray();
            examples.add(new Example(languages.indexOf(row.language()), ids));
        }
        var squares = new float[weights.length];
        Arrays.fill(squares, 1e-3f);
        var random = new SplittableRandom(1);
        for (int epoch = 0; epoch < EPOCHS; epoch++) {
            for (int i = examples.size() - 1; i > 0; i--) {
                int j = random.nextInt(i + 1);
                examples.set(i, examples.set(j, examples.get(i)));
            }
            double loss = 0;
            for (Example example : examples) {
                loss += step(example, squares, random);
            }
            System.out.printf("epoch %d: loss %.4f%n", epoch, loss / examples.size());
        }
    }

    /** One step on some of the example's n-grams, so that the model also learns shorter texts. */
    private double step(Example example, float[] squares, SplittableRandom random) {
        double share = LEAST_SHOWN + (1 - LEAST_SHOWN) * random.nextDouble();
        int[] shown = Arrays.stream(example.ngrams)
                .filter(i -> random.nextDouble() < share)
                .map(i -> i * languages.size())
                .toArray();
        if (shown.length == 0) {
            return 0;
        }
        int count = languages.size();
        var scores = new float[count];
        for (int row : shown) {
            for (int l = 0; l < count; l++) {
                scores[l] += weights[row + l];
            }
        }
        float most = scores[0];
        for (float score : scores) {
            most = Math.max(most, score);
        }
        double sum = 0;
        var gradient = new float[count];
        for (int l = 0; l < count; l++) {
            gradient[l] = (float) StrictMath.exp(scores[l] - most);
            sum += gradient[l];
        }
        double probability = gradient[example.language] / sum;
        for (int l = 0; l < count; l++) {
            float g = (float) (gradient[l] / sum) - (l == example.language ? 1 : 0);
            // Hardly anything to learn: most languages, most of the time.
            gradient[l] = Math.abs(g) < 1e-3f ? 0 : g;
        }
        for (int row : shown) {
            for (int l = 0; l < count; l++) {
                if (gradient[l] != 0) {
                    squares[row + l] += gradient[l] * gradient[l];
                    weights[row + l] -= RATE * gradient[l] / (float) Math.sqrt(squares[row + l]);
                }
            }
        }
        return -StrictMath.log(Math.max(1e-12, probability));
    }

    private void write(Path file) throws IOException {
        int count = languages.size();
        var kept = new long[ngrams.length];
        var bytes = new byte[weights.length];
        int rows = 0;
        for (int i = 0; i < ngrams.length; i++) {
            boolean any = false;
            for (int l = 0; l < count; l++) {
                float weight = weights[i * count + l];
                int steps =
                        Math.abs(weight) < SMALLEST ? 0 : Math.clamp(Math.round(weight / NgramWeights.STEP), -127, 127);
                bytes[rows * count + l] = (byte) steps;
                any |= steps != 0;
            }
            if (any) {
                kept[rows++] = ngrams[i];
            }
        }
        NgramWeights.write(
                Files.newOutputStream(file), languages, Arrays.copyOf(kept, rows), Arrays.copyOf(bytes, rows * count));
        System.out.printf("%d n-grams, %d languages, %d bytes%n", rows, count, Files.size(file));
    }
}
