package dev.athanor.tokenizers.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.athanor.tokenizers.models.Bpe;
import dev.athanor.tokenizers.pretokenizers.ByteLevel;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WordRunsTest {

    @TempDir
    Path folder;

    private static final ByteLevel WORDS = new ByteLevel(false, true, true);

    private static List<String> texts() {
        var random = new SplittableRandom(9);
        List<String> texts = new ArrayList<>();
        for (int t = 0; t < 400; t++) {
            var text = new StringBuilder();
            for (int w = 0; w < 80; w++) {
                // Frequent words and rare ones.
                int word = (int) Math.exp(random.nextDouble() * 9);
                text.append(Integer.toString(word * 7919, 36)).append(word % 5 == 0 ? "é " : " ");
            }
            texts.add(text.toString());
        }
        return texts;
    }

    private Path counted(long maxHeapBytes, String name) throws IOException {
        var counter = new SpillingWordCounter(new WordCounter(null, WORDS), folder, maxHeapBytes);
        for (String text : texts()) {
            counter.count(text);
        }
        assertThat(counter.spills() > 0).isEqualTo(maxHeapBytes < 1 << 20);
        Path file = folder.resolve(name);
        counter.finish(file);
        return file;
    }

    @Test
    void aTinyBoundOfMemoryGivesTheSameFileAndTheSameVocabulary() throws IOException {
        Path whole = counted(1 << 30, "whole");
        Path spilled = counted(120_000, "spilled");
        assertThat(spilled).hasSameBinaryContentAs(whole);
        assertThat(folder).isDirectoryNotContaining(file -> file.toString().endsWith(".run"));
        assertThat(trained(BoundedWordCounts.of(new WordRuns(List.of(spilled)), 1 << 30)
                        .counts()))
                .isEqualTo(trained(direct()));
    }

    private static WordCounts direct() {
        var counter = new WordCounter(null, WORDS);
        texts().forEach(counter::count);
        return counter.counts();
    }

    private static List<Bpe.Merge> trained(WordCounts counts) {
        return new BpeTrainer(TrainerOptions.bpe(800).withByteAlphabet())
                .train(counts)
                .merges();
    }

    @Test
    void runsOfPartsAddUp() throws IOException {
        var expected = new TreeMap<String, Long>();
        List<Path> files = new ArrayList<>();
        for (int part = 0; part < 5; part++) {
            var counts = new WordCounts();
            for (int w = part; w < 40; w += part + 1) {
                counts.add("w" + w, w + 1);
                expected.merge("w" + w, w + 1L, Long::sum);
            }
            Path file = folder.resolve("part" + part);
            counts.write(file);
            files.add(file);
        }
        var read = new TreeMap<String, Long>();
        new WordRuns(files)
                .forEach((b, from, to, n) -> read.put(new String(b, from, to - from, StandardCharsets.UTF_8), n));
        assertThat(read).isEqualTo(expected);
    }

    @Test
    void whatDoesNotFitIsTheRarest() throws IOException {
        Path file = counted(1 << 30, "counts");
        WordRuns runs = new WordRuns(List.of(file));
        BoundedWordCounts all = BoundedWordCounts.of(runs, 1 << 30);
        assertThat(all.minCount()).isEqualTo(1);
        assertThat(all.counts().size()).isEqualTo((int) all.words());
        BoundedWordCounts few = BoundedWordCounts.of(runs, 200_000);
        assertThat(few.minCount()).isGreaterThan(1);
        assertThat(few.words()).isEqualTo(all.words());
        assertThat(few.occurrences())
                .isEqualTo(all.occurrences())
                .isEqualTo(all.counts().total());
        var kept = new int[1];
        all.counts().forEachSorted((b, from, to, n) -> kept[0] += n >= few.minCount() ? 1 : 0);
        assertThat(few.counts().size()).isEqualTo(kept[0]).isPositive();
        assertThat(BoundedWordCounts.of(runs, 1).counts().size()).isZero();
    }

    @Test
    void anotherFileIsRefused() throws IOException {
        Path file = Files.writeString(folder.resolve("x"), "hello");
        assertThatThrownBy(() -> new WordCounts().read(file)).hasMessageContaining("not a word count file");
    }
}
