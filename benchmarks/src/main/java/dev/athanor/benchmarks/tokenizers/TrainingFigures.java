package dev.athanor.benchmarks.tokenizers;

import dev.athanor.benchmarks.Figures;
import dev.athanor.tokenizers.models.Bpe;
import dev.athanor.tokenizers.normalizers.UnicodeNormalizer;
import dev.athanor.tokenizers.pretokenizers.ByteLevel;
import dev.athanor.tokenizers.pretokenizers.Metaspace;
import dev.athanor.tokenizers.pretokenizers.Metaspace.PrependScheme;
import dev.athanor.tokenizers.training.BpeTrainer;
import dev.athanor.tokenizers.training.TrainerOptions;
import dev.athanor.tokenizers.training.UnigramOptions;
import dev.athanor.tokenizers.training.UnigramTrainer;
import dev.athanor.tokenizers.training.WordCounter;
import dev.athanor.tokenizers.training.WordCounts;
import java.nio.file.Path;
import java.text.Normalizer.Form;
import java.util.List;
import java.util.stream.IntStream;

/** Training rates, warm and in a process of its own. */
final class TrainingFigures {

    /** Measured on two quiet cores of another machine; the peer cannot be trained from Java. */
    private static final double HUGGING_FACE_BPE_SECONDS = 7.7;

    private static final int COLD_RUNS = 3;

    private TrainingFigures() {}

    static void measure(Path shared, List<String> lines, Figures figures) throws Exception {
        byte[] novels = novels(shared);
        double bpe = Stopwatch.seconds(1, 3, t -> train(novels));
        figures.lowerIsBetter(
                "train BPE 30k on 51 MB, 2 threads", bpe, "s", "HF (quiet machine)", HUGGING_FACE_BPE_SECONDS);
        double cold = Double.MAX_VALUE;
        for (int run = 0; run < COLD_RUNS; run++) {
            cold = Math.min(cold, coldSeconds(shared));
        }
        figures.lowerIsBetter("the same, cold: with the start of the JVM", cold, "s", "goal", 4);
        double unigram = Stopwatch.seconds(1, 2, t -> {
            WordCounter counter = new WordCounter(
                    new UnicodeNormalizer(Form.NFKC), new Metaspace(0x2581, PrependScheme.ALWAYS, true));
            lines.forEach(counter::count);
            new UnigramTrainer(UnigramOptions.of(8000)).train(counter.counts());
        });
        figures.lowerIsBetter("train Unigram 8k on 10 MB, 2 threads", unigram, "s", "goal", 5);
    }

    private static byte[] novels(Path shared) throws Exception {
        return Corpora.firstOfTar(shared.resolve("data/novels100/novels100.tar.zst"), 51_000_000);
    }

    private static Bpe train(byte[] text) {
        return new BpeTrainer(TrainerOptions.bpe(30_000)).train(counted(text));
    }

    /** Both halves counted at once and added up. */
    private static WordCounts counted(byte[] text) {
        int middle = text.length / 2;
        while (text[middle] != '\n') {
            middle++;
        }
        int[] cuts = {0, middle, text.length};
        WordCounts[] halves = new WordCounts[2];
        IntStream.range(0, 2).parallel().forEach(h -> {
            WordCounter counter = new WordCounter(null, new ByteLevel(false, true, true));
            counter.count(text, cuts[h], cuts[h + 1]);
            halves[h] = counter.counts();
        });
        halves[0].addAll(halves[1]);
        return halves[0];
    }

    /** Seconds from the start of a JVM to the end of its first training, unpacking the text included. */
    private static double coldSeconds(Path shared) throws Exception {
        long start = System.nanoTime();
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:+UseSerialGC",
                        "-Xmx2g",
                        "--enable-native-access=ALL-UNNAMED",
                        "-cp",
                        System.getProperty("java.class.path"),
                        ColdTraining.class.getName(),
                        shared.toString())
                .inheritIO()
                .start();
        int status = process.waitFor();
        if (status != 0) {
            throw new IllegalStateException("cold training ended with status " + status);
        }
        return (System.nanoTime() - start) / 1e9;
    }

    /** What the process does. */
    static final class ColdTraining {

        private ColdTraining() {}

        public static void main(String[] arguments) throws Exception {
            Bpe model = train(novels(Path.of(arguments[0])));
            if (model.vocabulary().size() != 30_000) {
                throw new IllegalStateException(
                        "vocabulary of " + model.vocabulary().size());
            }
        }
    }
}
