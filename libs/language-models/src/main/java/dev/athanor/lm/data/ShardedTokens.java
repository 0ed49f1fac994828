package dev.athanor.lm.data;

import dev.athanor.tokenizers.shards.TokenShardReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/** Token shards read through memory maps as one stream, in the order given. */
public final class ShardedTokens implements TokenStream, AutoCloseable {

    private static final String UNKNOWN = "0".repeat(64);

    private final List<TokenShardReader> shards = new ArrayList<>();
    /** Position in the stream where each shard starts, and the size of the stream. */
    private final long[] starts;

    /** @throws IOException if a file is no token shard */
    public ShardedTokens(List<Path> files) throws IOException {
        starts = new long[files.size() + 1];
        try {
            for (Path file : files) {
                var shard = new TokenShardReader(file);
                shards.add(shard);
                starts[shards.size()] = starts[shards.size() - 1] + shard.tokens();
            }
        } catch (IOException | RuntimeException e) {
            close();
            throw e;
        }
    }

    /** All ids are below it; 0 without shards. */
    public int vocabularySize() {
        return shards.stream().mapToInt(TokenShardReader::vocabSize).max().orElse(0);
    }

    /**
     * Refuses ids that another tokenizer made. Shards that do not say which one made them are let pass.
     *
     * @param sha256 of the tokenizer.json, in hexadecimal
     * @throws IllegalArgumentException naming the hash of the other
     */
    public void requireTokenizer(String sha256) {
        for (TokenShardReader shard : shards) {
            String madeBy = HexFormat.of().formatHex(shard.tokenizerFingerprint());
            if (!madeBy.equals(sha256) && !madeBy.equals(UNKNOWN)) {
                throw new IllegalArgumentException("the tokens were made by the tokenizer.json of SHA-256 " + madeBy
                        + ", expected that of " + sha256 + ", the tokenizer of the model");
            }
        }
    }

    @Override
    public long size() {
        return starts[starts.length - 1];
    }

    @Override
    public void read(long from, int count, long[] into, int offset) {
        if (from < 0 || from + count > size()) {
            throw new IndexOutOfBoundsException("tokens " + from + " to " + (from + count) + " of " + size());
        }
        int shard = shardAt(from);
        while (count > 0) {
            int part = (int) Math.min(count, starts[shard + 1] - from);
            shards.get(shard).ids(from - starts[shard], into, offset, part);
            from += part;
            offset += part;
            count -= part;
            shard++;
        }
    }

    @Override
    public long documentAt(long position) {
        int shard = shardAt(position);
        long before = 0;
        for (int i = 0; i < shard; i++) {
            before += shards.get(i).documents();
        }
        return before + shards.get(shard).documentAt(position - starts[shard]);
    }

    private int shardAt(long position) {
        int low = 0;
        int high = shards.size() - 1;
        while (low < high) {
            int middle = (low + high + 1) >>> 1;
            if (starts[middle] <= position) {
                low = middle;
            } else {
                high = middle - 1;
            }
        }
        return low;
    }

    @Override
    public void close() {
        shards.forEach(TokenShardReader::close);
    }
}
