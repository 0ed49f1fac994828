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

    CachedPieces(Model model) {
        this.model = new PieceModel(model);
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
    }
}
