package dev.athanor.tokenizers.internal;

import dev.athanor.tokenizers.IntList;
import dev.athanor.tokenizers.models.Model;

/** The work space of encoders that make pieces in a buffer of their own and ask a cache first. */
final class CachedPieces extends FastEncoder.Scratch {

    private static final int CACHE_SET_BITS = 16;

    private final PieceCache cache = new PieceCache(CACHE_SET_BITS);
    private final PieceModel model;
    /** The text rewritten, with padding. */
    private byte[] rewritten = new byte[1 << 12];

    /** Where the pieces of the text lie in {@link #rewritten}, and how many ids there are behind each: three numbers a piece. */
    private final IntList pieces = new IntList();

    private boolean tracing;
    private int[] origins = new int[1 << 10];

    CachedPieces(Model model, PieceModel.TokenLengths lengths) {
        this.model = new PieceModel(model, lengths);
    }

    /** From now on the pieces are noted. */
    void startTracing() {
        tracing = true;
        pieces.clear();
    }

    void stopTracing() {
        tracing = false;
    }

    boolean isTracing() {
        return tracing;
    }

    /** Which code point each byte of {@link #rewritten} comes from, with room for so many bytes; to be filled by the caller. */
    int[] origins(int bytes) {
        if (origins.length < bytes) {
            origins = new int[bytes + (bytes >> 2)];
        }
        return origins;
    }

    /** Adds the tokens of the pieces noted, each piece a word. */
    void align(IntList ids, AlignedTokens out) {
        int firstId = 0;
        for (int i = 0; i < pieces.size(); i += 3) {
            int lastId = pieces.get(i + 2);
            model.align(rewritten, pieces.get(i), pieces.get(i + 1), ids, firstId, lastId, origins, out);
            out.endWord();
            firstId = lastId;
        }
    }

    private void note(int from, int to, IntList out) {
        pieces.add(from);
        pieces.add(to);
        pieces.add(out.size());
    }

    byte[] rewritten(int bytes) {
        if (rewritten.length < bytes + PieceCache.PADDING) {
            rewritten = new byte[bytes + (bytes >> 2) + PieceCache.PADDING];
        }
        return rewritten;
    }

    @Override
    public void shrink() {
        super.shrink();
        if (rewritten.length > 1 << 22) {
            rewritten = new byte[1 << 12];
        }
        if (origins.length > 1 << 20) {
            origins = new int[1 << 10];
        }
    }

    void encode(byte[] b, int from, int to, IntList out) {
        int length = to - from;
        if (length > PieceCache.MAX_PIECE) {
            model.encode(b, from, to, out);
        } else if (!cache.find(b, from, length, out)) {
            int before = out.size();
            model.encode(b, from, to, out);
            cache.put(out.array(), before, out.size());
        }
        if (tracing) {
            note(from, to, out);
        }
    }

    /** A piece that begins with the mark of Metaspace, as all of a tokenizer do; the cache need not know of it. */
    void encodeMarked(byte[] b, int from, int to, IntList out) {
        int unmarked = from + 3;
        int length = to - unmarked;
        if (length == 0 || length > PieceCache.MAX_PIECE) {
            model.encode(b, from, to, out);
        } else if (!cache.find(b, unmarked, length, out)) {
            int before = out.size();
            model.encode(b, from, to, out);
            cache.put(out.array(), before, out.size());
        }
        if (tracing) {
            note(from, to, out);
        }
    }
}
