package dev.athanor.tokenizer.encoding;

import dev.athanor.contracts.json.Json;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * Which text is held out for validation. Whole documents, chosen by a hash of (seed, id), where there are many; where so
 * few would be held out that their number is left to chance, the tail of every document instead.
 *
 * @param fraction share that is held out
 * @param byDocument whole documents, or tails
 */
public record Holdout(double fraction, boolean byDocument, long seed) {

    private static final double FEW = 10;

    public static Holdout of(double fraction, long documents, long seed) {
        return new Holdout(fraction, documents * fraction >= FEW, seed);
    }

    /** How many of the document's parts (tokens, sentences, characters), from its end, are held out. */
    public int heldOut(String documentId, int parts) {
        if (fraction == 0) {
            return 0;
        }
        return byDocument ? (hash(documentId) < fraction ? parts : 0) : (int) Math.floor(parts * fraction);
    }

    /** Uniform in [0, 1). */
    private double hash(String documentId) {
        byte[] digest = Json.sha256().digest((seed + "/" + documentId).getBytes(StandardCharsets.UTF_8));
        return (ByteBuffer.wrap(digest).getLong() >>> 11) * 0x1.0p-53;
    }
}
