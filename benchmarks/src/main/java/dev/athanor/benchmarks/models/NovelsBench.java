package dev.athanor.benchmarks.models;

import com.github.luben.zstd.ZstdInputStream;
import dev.athanor.benchmarks.Benchmark;
import dev.athanor.benchmarks.Figures;
import dev.athanor.benchmarks.Shared;
import dev.athanor.lm.Devices;
import dev.athanor.lm.LanguageModel;
import dev.athanor.lm.Perplexity;
import dev.athanor.lm.data.TokenStream;
import dev.athanor.lm.model.Presets;
import dev.athanor.lm.ngram.KneserNey;
import dev.athanor.lm.train.FolderCheckpoints;
import dev.athanor.lm.train.Precision;
import dev.athanor.lm.train.Pretraining;
import dev.athanor.lm.train.StepMetrics;
import dev.athanor.lm.train.TrainingConfig;
import dev.athanor.lm.train.TrainingListener;
import dev.athanor.tokenizers.IntList;
import dev.athanor.tokenizers.TokenBytes;
import dev.athanor.tokenizers.Tokenizer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.zip.GZIPOutputStream;
import org.tukaani.xz.LZMA2Options;
import org.tukaani.xz.XZOutputStream;

/**
 * A pretraining run by the clock on a hundred novels: bits per byte of a novel that was held out and of WikiText-2's validation
 * text, beside an n-gram model of the same corpus and tokens, and what general compressors make of the texts.
 *
 * <p>System properties: {@code athanor.bench.minutes} (30), {@code athanor.bench.preset} (llama-10m), {@code athanor.bench.batch},
 * {@code athanor.bench.rate}, {@code athanor.bench.precision} (BF16, FP32), {@code athanor.bench.order} of the n-grams (5, which take about 3 GB).
 */
public final class NovelsBench implements Benchmark {

    private static final int VOCABULARY = 8192;
    private static final int LINES_OF_CURVE = 30;

    /** Registered in the list of benchmarks. */
    public NovelsBench() {}

    @Override
    public String name() {
        return "novels";
    }

    @Override
    public String description() {
        return "30 minutes of pretraining on novels: bits per byte, beside n-grams, gzip and xz";
    }

    @Override
    public void run(Figures figures) throws Exception {
        Path archive = Shared.file("data/novels100/novels100.tar.zst");
        Path wiki = Shared.file("data/wikitext2/wiki.valid.tokens.zst");
        if (archive == null || wiki == null) {
            figures.note(
                    "skipped: no shared/data/novels100 and wikitext2 beside the project, and ATHANOR_SHARED is not set");
            return;
        }
        Novels novels = Novels.read(archive);
        Tokenizer tokenizer = NovelsTokenizer.train(novels, VOCABULARY);
        TokenStream training = encode(tokenizer, novels.trainingTexts());
        Map<String, String> measured = new LinkedHashMap<>();
        measured.put("novel", novels.heldOutText());
        measured.put("wikitext2", text(wiki));
        figures.note("held out: " + novels.heldOut() + "; trained on "
                + novels.trainingTexts().size() + " novels, " + training.size() + " tokens of a BPE of " + VOCABULARY);

        Map<String, Double> mine = train(figures, tokenizer, training, measured);
        int order = Integer.getInteger("athanor.bench.order", 5);
        var ngrams = new KneserNey(training, tokenizer.vocabSize(), order, 0);
        int[] bytes = Objects.requireNonNull(TokenBytes.of(tokenizer));
        for (var entry : measured.entrySet()) {
            String label = "novels_" + entry.getKey() + "_bits_per_byte";
            double value = Objects.requireNonNull(mine.get(entry.getKey()));
            TokenStream tokens = encode(tokenizer, List.of(entry.getValue()));
            figures.lowerIsBetter(
                    label,
                    value,
                    "bits",
                    order + "-grams, Kneser-Ney",
                    ngrams.perplexity(tokens, 0, bytes).bitsPerByte());
            figures.lowerIsBetter(
                    label,
                    value,
                    "bits",
                    "xz -9",
                    compressed(entry.getValue(), out -> new XZOutputStream(out, new LZMA2Options(9))));
            figures.lowerIsBetter(label, value, "bits", "gzip", compressed(entry.getValue(), GZIPOutputStream::new));
        }
    }

    private static Map<String, Double> train(
            Figures figures, Tokenizer tokenizer, TokenStream training, Map<String, String> measured) throws Exception {
        String preset = System.getProperty("athanor.bench.preset", "llama-10m");
        double minutes = Double.parseDouble(System.getProperty("athanor.bench.minutes", "30"));
        int batch = Integer.getInteger("athanor.bench.batch", 8);
        double rate = Double.parseDouble(System.getProperty("athanor.bench.rate", "2e-3"));
        var config = TrainingConfig.builder(1_000_000, batch)
                .maxMinutes(minutes)
                .precision(Precision.valueOf(System.getProperty("athanor.bench.precision", "BF16")))
                .learningRate(rate)
                .minLearningRateRatio(0.05)
                .seed(1)
                .build();
        try (LanguageModel model =
                LanguageModel.create(Presets.of(preset, tokenizer.vocabSize()).build(), 1, Devices.of("auto"))) {
            Path folder = Files.createTempDirectory("athanor-novels");
            long start = System.nanoTime();
            var result = new Pretraining(model, config, training, null, new FolderCheckpoints(folder), folder)
                    .run(curve(figures));
            figures.plain("novels_" + preset + "_parameters", model.parameterCount(), "values");
            figures.plain("novels_" + preset + "_steps", result.steps(), "steps");
            figures.plain("novels_" + preset + "_tokens", result.tokens(), "tokens");
            figures.higherIsBetter(
                    "novels_" + preset + "_minutes", (System.nanoTime() - start) / 60e9, "min", "asked for", minutes);
            int[] bytes = Objects.requireNonNull(TokenBytes.of(tokenizer));
            Map<String, Double> bitsPerByte = new LinkedHashMap<>();
            for (var entry : measured.entrySet()) {
                TokenStream tokens = encode(tokenizer, List.of(entry.getValue()));
                Perplexity score = Perplexity.of(model.transformer(), model.device(), tokens, 16, 0, bytes);
                figures.plain("novels_" + entry.getKey() + "_perplexity", score.perplexity(), "a token");
                bitsPerByte.put(entry.getKey(), score.bitsPerByte());
            }
            return bitsPerByte;
        }
    }

    private static TrainingListener curve(Figures figures) {
        return new TrainingListener() {
            @Override
            public void step(StepMetrics m) {
                long every = Math.max(1, m.steps() / LINES_OF_CURVE);
                if (m.step() == 1 || m.step() % every == 0 || m.step() == m.steps()) {
                    figures.note(String.format(
                            Locale.ROOT,
                            "step %d of %d, tokens %d, loss %.4f, average %.4f, rate %.2e, %.0f tok/s",
                            m.step(),
                            m.steps(),
                            m.tokens(),
                            m.loss(),
                            m.lossAverage(),
                            m.learningRate(),
                            m.tokensPerSecond()));
                }
            }
        };
    }

    private static TokenStream encode(Tokenizer tokenizer, Iterable<String> texts) {
        var ids = new IntList(1 << 20);
        int end = NovelsTokenizer.end(tokenizer);
        for (String text : texts) {
            ids.add(end);
            tokenizer.encodeIds(text, ids);
        }
        return TokenStream.of(ids.toArray());
    }

    private static String text(Path zstd) throws IOException {
        try (InputStream in = new ZstdInputStream(Files.newInputStream(zstd))) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private interface Compressor {
        OutputStream on(OutputStream out) throws IOException;
    }

    /** Bits per byte of the text. */
    private static double compressed(String text, Compressor compressor) throws IOException {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        var out = new ByteArrayOutputStream();
        try (OutputStream packed = compressor.on(out)) {
            packed.write(bytes);
        }
        return 8.0 * out.size() / bytes.length;
    }
}
