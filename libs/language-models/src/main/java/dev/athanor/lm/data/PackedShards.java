package dev.athanor.lm.data;

import dev.athanor.tokenizers.packing.FirstFit;
import dev.athanor.tokenizers.packing.PackedSequence;
import dev.athanor.tokenizers.packing.PackingIndex;
import dev.athanor.tokenizers.packing.PairIndex;
import dev.athanor.tokenizers.shards.TokenShardReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Token shards with the index beside each that says what their rows are: sequences of several documents, or pairs of sentences. Safe for
 * several threads.
 */
public final class PackedShards implements AutoCloseable {

    private static final int NO_SECOND = -1;

    /**
     * One row.
     *
     * @param documents_T which part of the row each token belongs to; padding is a part of its own, the last
     * @param tokens before the padding
     * @param secondStart where the second sentence starts; -1 = there are no sentences
     * @param isNext whether the second sentence follows the first in the text
     */
    record Row(int[] ids_T, int[] documents_T, int tokens, int secondStart, boolean isNext) {}

    /** @param rows parts of each; a pair is one part */
    private record Shard(TokenShardReader reader, List<List<FirstFit.Part>> rows, List<PairIndex.Example> pairs) {}

    private final List<Shard> shards = new ArrayList<>();
    private final int length;
    private final boolean pairs;
    private long count;

    private PackedShards(List<Path> tokens, List<Path> indexes, boolean pairs) throws IOException {
        if (tokens.size() != indexes.size()) {
            throw new IOException(tokens.size() + " token shards have " + indexes.size() + " packing indexes");
        }
        this.pairs = pairs;
        int longest = 0;
        try {
            for (int i = 0; i < tokens.size(); i++) {
                var reader = new TokenShardReader(tokens.get(i));
                Shard shard = new Shard(reader, List.of(), List.of());
                shards.add(shard);
                int capacity;
                if (pairs) {
                    shard = pairs(reader, PairIndex.read(indexes.get(i)));
                    capacity = shard.rows().stream()
                            .mapToInt(parts -> parts.getFirst().length())
                            .max()
                            .orElse(0);
                } else {
                    PackingIndex index = PackingIndex.read(indexes.get(i));
                    shard = new Shard(reader, index.sequences(), List.of());
                    capacity = index.capacity();
                }
                check(shard, capacity, indexes.get(i));
                shards.set(i, shard);
                longest = Math.max(longest, capacity);
                count += shard.rows().size();
            }
        } catch (IOException | RuntimeException e) {
            close();
            throw e;
        }
        length = longest;
    }

    /**
     * Documents packed by first fit.
     *
     * @param indexes a {@link PackingIndex} a shard, in the order of the shards
     * @throws IOException if a file is damaged, or an index does not belong to its shard
     */
    public static PackedShards sequences(List<Path> tokens, List<Path> indexes) throws IOException {
        return new PackedShards(tokens, indexes, false);
    }

    /** Documents that are pairs of sentences, {@code [CLS] a [SEP] b [SEP]}; as {@link #sequences}, with a {@link PairIndex} a shard. */
    public static PackedShards sentencePairs(List<Path> tokens, List<Path> indexes) throws IOException {
        return new PackedShards(tokens, indexes, true);
    }

    private static Shard pairs(TokenShardReader reader, PairIndex index) throws IOException {
        if (index.examples().size() != reader.documents()) {
            throw new IOException("a shard of " + reader.documents() + " documents has an index of "
                    + index.examples().size() + " sentence pairs");
        }
        List<List<FirstFit.Part>> rows = new ArrayList<>();
        for (int d = 0; d < index.examples().size(); d++) {
            int size = Math.toIntExact(reader.documentStart(d + 1) - reader.documentStart(d));
            rows.add(List.of(new FirstFit.Part(d, 0, size)));
        }
        return new Shard(reader, rows, index.examples());
    }

    private static void check(Shard shard, int capacity, Path index) throws IOException {
        for (int row = 0; row < shard.rows().size(); row++) {
            long sum = 0;
            for (FirstFit.Part part : shard.rows().get(row)) {
                boolean known =
                        part.document() >= 0 && part.document() < shard.reader().documents();
                long size = known
                        ? shard.reader().documentStart(part.document() + 1L)
                                - shard.reader().documentStart(part.document())
                        : 0;
                if (!known || part.from() < 0 || part.from() >= part.to() || part.to() > size) {
                    throw new IOException(index + ": row " + row + " has a part that its shard has not: " + part);
                }
                sum += part.length();
            }
            if (sum == 0 || sum > capacity) {
                throw new IOException(index + ": row " + row + " has " + sum + " tokens, expected 1 to " + capacity);
            }
            if (!shard.pairs().isEmpty()) {
                int second = shard.pairs().get(row).secondStart();
                if (second < 2 || second >= sum) {
                    throw new IOException(index + ": the second sentence of row " + row + " starts at " + second);
                }
            }
        }
    }

    /** T, tokens of the longest row. */
    public int length() {
        return length;
    }

    /** Rows of all shards. */
    public long count() {
        return count;
    }

    boolean hasPairs() {
        return pairs;
    }

    Row row(long number) {
        long left = number;
        for (Shard shard : shards) {
            if (left < shard.rows().size()) {
                return read(shard, (int) left);
            }
            left -= shard.rows().size();
        }
        throw new IndexOutOfBoundsException("row " + number + " of " + count);
    }

    private Row read(Shard shard, int row) {
        List<FirstFit.Part> parts = shard.rows().get(row);
        PackedSequence sequence = PackedSequence.read(shard.reader(), parts, length, 0);
        int tokens = sequence.tokens();
        int[] documents_T = sequence.documents();
        java.util.Arrays.fill(documents_T, tokens, length, parts.size());
        PairIndex.Example pair = pairs ? shard.pairs().get(row) : null;
        return new Row(
                sequence.ids(),
                documents_T,
                tokens,
                pair == null ? NO_SECOND : pair.secondStart(),
                pair != null && pair.isNext());
    }

    @Override
    public void close() {
        shards.forEach(shard -> shard.reader().close());
    }
}
