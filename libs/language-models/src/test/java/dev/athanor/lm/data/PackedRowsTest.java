package dev.athanor.lm.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.athanor.tokenizers.packing.FirstFit;
import dev.athanor.tokenizers.packing.PackingIndex;
import dev.athanor.tokenizers.packing.PairIndex;
import dev.athanor.tokenizers.shards.TokenShardWriter;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PackedRowsTest {

    private static final int CLS = 1;
    private static final int SEP = 2;
    private static final int MASK = 3;

    @TempDir
    Path folder;

    /** Document d holds the ids 100·(d+1), 100·(d+1)+1, …: each id tells its document and its place. */
    private static int[] document(int d, int length) {
        var ids = new int[length];
        for (int i = 0; i < length; i++) {
            ids[i] = 100 * (d + 1) + i;
        }
        return ids;
    }

    private Path shard(String name, List<int[]> documents) throws IOException {
        Path file = folder.resolve(name);
        try (var writer = new TokenShardWriter(file, 5000)) {
            for (int[] document : documents) {
                writer.addDocument(document, 0, document.length);
            }
            writer.finish();
        }
        return file;
    }

    private Path index(String name, int capacity, List<List<FirstFit.Part>> sequences) throws IOException {
        Path file = folder.resolve(name);
        new PackingIndex(capacity, sequences).write(file);
        return file;
    }

    @Test
    void everyTokenButTheFirstOfAPartIsATargetOnceAndNothingCrossesDocuments() throws Exception {
        int[] lengths = {5, 3, 20, 2, 7, 4};
        List<int[]> documents = new ArrayList<>();
        for (int d = 0; d < lengths.length; d++) {
            documents.add(document(d, lengths[d]));
        }
        Path one = shard("one.tokens", documents.subList(0, 3));
        Path other = shard("other.tokens", documents.subList(3, 6));
        Path first = index("one.packing", 8, FirstFit.pack(new int[] {5, 3, 20}, 8));
        Path second = index("other.packing", 8, FirstFit.pack(new int[] {2, 7, 4}, 8));
        try (var shards = PackedShards.sequences(List.of(one, other), List.of(first, second))) {
            PackedRows rows = PackedRows.causal(shards, 7);
            List<Long> seen = new ArrayList<>();
            List<Long> predicted = new ArrayList<>();
            for (long row = 0; row < rows.count(); row++) {
                TokenBatch batch = rows.inOrder(row, 1);
                for (int t = 0; t < 8; t++) {
                    long id = batch.inputs_BT()[t];
                    long target = batch.targets_BT()[t];
                    boolean padding = id == 0;
                    if (!padding) {
                        seen.add(id);
                    }
                    if (target != TokenBatch.IGNORED) {
                        predicted.add(target);
                        assertThat(target).isEqualTo(id + 1);
                        assertThat(batch.documents_BT()[t + 1]).isEqualTo(batch.documents_BT()[t]);
                    }
                    for (int s = 0; s < 8; s++) {
                        boolean together = batch.documents_BT()[s] == batch.documents_BT()[t];
                        assertThat(together).isEqualTo(batch.inputs_BT()[s] / 100 == id / 100);
                    }
                }
            }
            List<Long> all = documents.stream()
                    .flatMapToInt(java.util.Arrays::stream)
                    .mapToObj(id -> (long) id)
                    .toList();
            assertThat(seen).containsExactlyInAnyOrderElementsOf(all);
            // 20 tokens are three parts.
            assertThat(predicted).doesNotHaveDuplicates().hasSize(all.size() - 8);
            assertThat(predicted).doesNotContain(300L, 308L, 316L);
        }
    }

    @Test
    void stepsAreAFunctionOfTheirNumberAndAnEpochHasEachRowOnce() throws Exception {
        List<int[]> documents = new ArrayList<>();
        for (int d = 0; d < 12; d++) {
            documents.add(document(d, 6));
        }
        int[] lengths = documents.stream().mapToInt(d -> d.length).toArray();
        Path tokens = shard("a.tokens", documents);
        Path packing = index("a.packing", 6, FirstFit.pack(lengths, 6));
        try (var shards = PackedShards.sequences(List.of(tokens), List.of(packing))) {
            PackedRows rows = PackedRows.masked(shards, Masking.ofTokens(MASK, 0.3, 5, 5000), 3);
            assertThat(rows.shuffled(4, 2).inputs_BT())
                    .isEqualTo(rows.shuffled(4, 2).inputs_BT());
            var firsts = new ArrayList<Long>();
            PackedRows plain = PackedRows.causal(shards, 3);
            for (long step = 0; step < 4; step++) {
                for (int row = 0; row < 3; row++) {
                    firsts.add(plain.shuffled(step, 3).inputs_BT()[row * 6]);
                }
            }
            assertThat(firsts).doesNotHaveDuplicates().hasSize(12);
            assertThat(rows.fingerprint()).isNotEqualTo(plain.fingerprint());
        }
    }

    @Test
    void sentencePairsKeepTheirFrameAndTellWhichFollows() throws Exception {
        int[] follows = {CLS, 10, 11, SEP, 12, 13, 14, SEP};
        int[] strange = {CLS, 20, SEP, 30, SEP};
        Path tokens = shard("p.tokens", List.of(follows, strange));
        Path pairs = folder.resolve("p.pairs");
        new PairIndex(List.of(new PairIndex.Example(4, true), new PairIndex.Example(3, false))).write(pairs);
        try (var shards = PackedShards.sentencePairs(List.of(tokens), List.of(pairs))) {
            PackedRows rows = PackedRows.masked(shards, Masking.ofTokens(MASK, 0.9, 5, 5000), 1);
            assertThat(rows.length()).isEqualTo(8);
            TokenBatch batch = rows.inOrder(0, 2);
            assertThat(batch.nextSentence_B()).containsExactly(0, 1);
            assertThat(batch.segments_BT()).containsExactly(0, 0, 0, 0, 1, 1, 1, 1, 0, 0, 0, 1, 1, 0, 0, 0);
            assertThat(batch.documents_BT()).containsExactly(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1);
            for (int frame : new int[] {0, 3, 7, 8, 10, 12, 13, 14, 15}) {
                assertThat(batch.targets_BT()[frame]).isEqualTo(TokenBatch.IGNORED);
            }
            assertThat(batch.targets()).isBetween(2L, 7L);
            assertThat(batch.inputs_BT()[0]).isEqualTo(CLS);
            assertThat(batch.inputs_BT()[12]).isEqualTo(SEP);
        }
    }

    @Test
    void anIndexThatDoesNotFitItsShardIsRefused() throws Exception {
        Path tokens = shard("h.tokens", List.of(document(0, 5)));
        for (FirstFit.Part part : List.of(
                new FirstFit.Part(1, 0, 2),
                new FirstFit.Part(0, 0, 6),
                new FirstFit.Part(0, -1, 2),
                new FirstFit.Part(0, 3, 3),
                new FirstFit.Part(-1, 0, 1))) {
            Path bad = index("bad.packing", 8, List.of(List.of(part)));
            assertThatThrownBy(() -> PackedShards.sequences(List.of(tokens), List.of(bad)))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("row 0");
        }
        Path tooLong = index("long.packing", 4, List.of(List.of(new FirstFit.Part(0, 0, 5))));
        assertThatThrownBy(() -> PackedShards.sequences(List.of(tokens), List.of(tooLong)))
                .hasMessageContaining("5 tokens, expected 1 to 4");
        assertThatThrownBy(() -> PackedShards.sequences(List.of(tokens), List.of()))
                .hasMessageContaining("1 token shards have 0 packing indexes");
        Path second = folder.resolve("bad.pairs");
        new PairIndex(List.of(new PairIndex.Example(5, true))).write(second);
        assertThatThrownBy(() -> PackedShards.sentencePairs(List.of(tokens), List.of(second)))
                .hasMessageContaining("second sentence of row 0 starts at 5");
    }
}
