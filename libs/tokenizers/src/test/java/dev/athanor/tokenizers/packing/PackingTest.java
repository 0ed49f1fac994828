package dev.athanor.tokenizers.packing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.athanor.tokenizers.packing.FirstFit.Part;
import dev.athanor.tokenizers.shards.TokenShardReader;
import dev.athanor.tokenizers.shards.TokenShardWriter;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PackingTest {

    @Test
    void eachPartGoesIntoTheFirstSequenceWithRoom() {
        List<List<Part>> packed = FirstFit.pack(new int[] {6, 5, 4, 3, 12}, 10);
        assertThat(packed)
                .containsExactly(
                        List.of(new Part(0, 0, 6), new Part(2, 0, 4)),
                        List.of(new Part(1, 0, 5), new Part(3, 0, 3), new Part(4, 10, 12)),
                        List.of(new Part(4, 0, 10)));
    }

    /** The same by looking at every sequence. */
    private static List<List<Part>> plain(int[] lengths, int capacity) {
        List<List<Part>> sequences = new ArrayList<>();
        for (int d = 0; d < lengths.length; d++) {
            for (int from = 0; from < lengths[d]; from += capacity) {
                Part part = new Part(d, from, Math.min(lengths[d], from + capacity));
                List<Part> target = sequences.stream()
                        .filter(s -> s.stream().mapToInt(Part::length).sum() + part.length() <= capacity)
                        .findFirst()
                        .orElse(null);
                if (target == null) {
                    target = new ArrayList<>();
                    sequences.add(target);
                }
                target.add(part);
            }
        }
        return sequences;
    }

    @Property(tries = 200)
    void theTreeFindsWhatLookingAtAllFinds(
            @ForAll @Size(max = 60) List<@IntRange(min = 0, max = 40) Integer> lengths,
            @ForAll @IntRange(min = 1, max = 30) int capacity) {
        int[] array = lengths.stream().mapToInt(i -> i).toArray();
        assertThat(FirstFit.pack(array, capacity)).isEqualTo(plain(array, capacity));
    }

    @Test
    void attentionStaysWithinADocument(@TempDir Path folder) throws IOException {
        Path file = folder.resolve("a.tokens");
        try (TokenShardWriter writer = new TokenShardWriter(file, 100)) {
            writer.addDocument(new int[] {1, 2, 3}, 0, 3);
            writer.addDocument(new int[] {4, 5}, 0, 2);
            writer.finish();
        }
        try (TokenShardReader shard = new TokenShardReader(file)) {
            List<Part> parts = FirstFit.pack(new int[] {3, 2}, 8).getFirst();
            PackedSequence packed = PackedSequence.read(shard, parts, 8, 99);
            assertThat(packed.ids()).containsExactly(1, 2, 3, 4, 5, 99, 99, 99);
            assertThat(packed.documents()).containsExactly(0, 0, 0, 1, 1, -1, -1, -1);
            assertThat(packed.positions()).containsExactly(0, 1, 2, 0, 1, 0, 0, 0);
            assertThat(packed.tokens()).isEqualTo(5);
            assertThat(packed.sees(4, 3)).isTrue();
            assertThat(packed.sees(3, 2)).isFalse();
            assertThat(packed.sees(0, 1)).isFalse();
        }
    }

    private static List<List<int[]>> documents() {
        List<List<int[]>> documents = new ArrayList<>();
        for (int d = 0; d < 40; d++) {
            List<int[]> sentences = new ArrayList<>();
            for (int s = 0; s < 10; s++) {
                sentences.add(new int[] {d * 1000 + s * 10, d * 1000 + s * 10 + 1, d * 1000 + s * 10 + 2});
            }
            documents.add(sentences);
        }
        return documents;
    }

    @Test
    void aPairIsWhatItsLabelSays() {
        SentencePairs pairs = new SentencePairs(documents(), 12, 7);
        int next = 0;
        int all = 0;
        for (int d = 0; d < 40; d++) {
            for (SentencePairs.Pair pair : pairs.of(d)) {
                all++;
                assertThat(pair.first().length + pair.second().length).isLessThanOrEqualTo(12);
                int sameDocument = pair.second()[0] / 1000;
                assertThat(sameDocument == d).isEqualTo(pair.isNext());
                if (pair.isNext()) {
                    next++;
                    assertThat(pair.second()[0]).isGreaterThan(pair.first()[0]);
                }
            }
        }
        assertThat((double) next / all).isBetween(0.3, 0.6);
    }

    @Test
    void anyWorkerMakesTheSamePairs() {
        SentencePairs one = new SentencePairs(documents(), 12, 7);
        SentencePairs other = new SentencePairs(documents(), 12, 7);
        List<SentencePairs.Pair> backwards = new ArrayList<>();
        for (int d = 39; d >= 0; d--) {
            backwards.addAll(0, other.of(d));
        }
        List<SentencePairs.Pair> forwards = new ArrayList<>();
        for (int d = 0; d < 40; d++) {
            forwards.addAll(one.of(d));
        }
        assertThat(forwards).usingRecursiveFieldByFieldElementComparator().isEqualTo(backwards);
    }
}
