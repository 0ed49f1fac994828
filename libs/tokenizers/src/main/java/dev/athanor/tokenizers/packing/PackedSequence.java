package dev.athanor.tokenizers.packing;

import dev.athanor.tokenizers.shards.TokenShardReader;
import java.util.Arrays;
import java.util.List;

/**
 * One training sequence of several documents. All arrays have the sequence's length.
 *
 * @param ids token ids, padding at the end
 * @param documents which of the sequence's parts each token belongs to, from 0, or -1 for padding: attention stays within a part
 * @param positions where in its part each token lies, from 0
 */
public record PackedSequence(int[] ids, int[] documents, int[] positions) {

    /** Reads the parts of a sequence from a shard. */
    public static PackedSequence read(TokenShardReader shard, List<FirstFit.Part> parts, int length, int padId) {
        int[] ids = new int[length];
        int[] documents = new int[length];
        int[] positions = new int[length];
        int at = 0;
        for (int p = 0; p < parts.size(); p++) {
            FirstFit.Part part = parts.get(p);
            shard.ids(shard.documentStart(part.document()) + part.from(), ids, at, part.length());
            for (int i = 0; i < part.length(); i++) {
                documents[at] = p;
                positions[at++] = i;
            }
        }
        Arrays.fill(ids, at, length, padId);
        Arrays.fill(documents, at, length, -1);
        return new PackedSequence(ids, documents, positions);
    }

    /** How many tokens are no padding. */
    public int tokens() {
        int n = 0;
        while (n < documents.length && documents[n] >= 0) {
            n++;
        }
        return n;
    }

    /** Whether the token at one position may see the token at another: not later, and of the same part. */
    public boolean sees(int position, int other) {
        return documents[position] >= 0 && other <= position && documents[other] == documents[position];
    }
}
