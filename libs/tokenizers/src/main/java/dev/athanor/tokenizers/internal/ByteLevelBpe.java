package dev.athanor.tokenizers.internal;

import dev.athanor.tokenizers.IntList;
import dev.athanor.tokenizers.Vocabulary;
import dev.athanor.tokenizers.models.Bpe;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Byte-level BPE on bytes: a hand-written scanner cuts the pieces, a cache knows most of them, a merger does the rest. */
public final class ByteLevelBpe implements FastEncoder {

    private static final int CACHE_SET_BITS = 16;

    private final PieceScanner scanner;
    private final MergeTable table;
    private final boolean addPrefixSpace;
    private final int[] idOfByte = new int[256];
    private final @Nullable ByteTrie wholePieces;

    /** @throws IllegalArgumentException if the model is not {@linkplain #fits fit} */
    public ByteLevelBpe(Bpe model, PieceScanner scanner, boolean addPrefixSpace) {
        if (!fits(model)) {
            throw new IllegalArgumentException("model: its options or alphabet are not those of byte-level BPE");
        }
        this.scanner = scanner;
        this.table = model.mergeTable();
        this.addPrefixSpace = addPrefixSpace;
        for (int b = 0; b < 256; b++) {
            idOfByte[b] = model.vocabulary().id(String.valueOf(ByteAlphabet.charOf(b)));
        }
        wholePieces = model.options().ignoreMerges() ? trieOfTokens(model.vocabulary()) : null;
    }

    /** Whether a model treats each byte as a symbol; bytes without a token are left out, as without an unknown token they are. */
    public static boolean fits(Bpe model) {
        Bpe.Options o = model.options();
        boolean complete = true;
        for (int b = 0; b < 256; b++) {
            complete &= model.vocabulary().contains(String.valueOf(ByteAlphabet.charOf(b)));
        }
        boolean noAffix = isBlank(o.continuingSubwordPrefix()) && isBlank(o.endOfWordSuffix());
        return noAffix && (complete || o.unkToken() == null && !o.byteFallback());
    }

    private static boolean isBlank(@Nullable String s) {
        return s == null || s.isEmpty();
    }

    private static ByteTrie trieOfTokens(Vocabulary vocabulary) {
        ByteTrie trie = new ByteTrie();
        Map<Integer, String> tokens = new HashMap<>(vocabulary.byId());
        tokens.forEach((id, token) -> {
            byte[] bytes = new byte[token.length()];
            for (int i = 0; i < bytes.length; i++) {
                int b = ByteAlphabet.byteOf(token.charAt(i));
                if (b < 0) {
                    return;
                }
                bytes[i] = (byte) b;
            }
            trie.put(bytes, id);
        });
        return trie;
    }

    private static final class BpeScratch extends Scratch {
        final PieceCache cache = new PieceCache(CACHE_SET_BITS);
        final Merger merger;
        byte[] prefixed = new byte[64];

        BpeScratch(MergeTable table) {
            merger = new Merger(table);
        }
    }

    @Override
    public Scratch newScratch() {
        return new BpeScratch(table);
    }

    @Override
    public boolean encode(byte[] utf8, int from, int to, Scratch scratch, IntList out) {
        BpeScratch s = (BpeScratch) scratch;
        if (addPrefixSpace && from < to && utf8[from] != ' ') {
            int n = to - from;
            if (s.prefixed.length < n + 1 + PieceCache.PADDING) {
                s.prefixed = new byte[n + (n >> 2) + 1 + PieceCache.PADDING];
            }
            s.prefixed[0] = ' ';
            System.arraycopy(utf8, from, s.prefixed, 1, n);
            encodePieces(s.prefixed, 0, n + 1, s, out);
        } else {
            encodePieces(utf8, from, to, s, out);
        }
        return true;
    }

    private void encodePieces(byte[] b, int from, int to, BpeScratch s, IntList out) {
        PieceCache cache = s.cache;
        for (int p = from; p < to; ) {
            int q = scanner.next(b, p, to);
            int length = q - p;
            if (length > PieceCache.MAX_PIECE) {
                merge(b, p, q, s.merger, out);
            } else if (!cache.find(b, p, length, out)) {
                int before = out.size();
                merge(b, p, q, s.merger, out);
                cache.put(out.array(), before, out.size());
            }
            p = q;
        }
    }

    private void merge(byte[] b, int from, int to, Merger merger, IntList out) {
        if (wholePieces != null) {
            int whole = whole(wholePieces, b, from, to);
            if (whole != ByteTrie.NONE) {
                out.add(whole);
                return;
            }
        }
        int[] ids = merger.ids(to - from);
        int n = 0;
        for (int p = from; p < to; p++) {
            int id = idOfByte[b[p] & 0xFF];
            if (id != Vocabulary.ABSENT) {
                ids[n++] = id;
            }
        }
        int left = n == 0 ? 0 : merger.merge(n);
        out.addAll(merger.ids(left), 0, left);
    }

    private static int whole(ByteTrie trie, byte[] b, int from, int to) {
        int node = 0;
        for (int p = from; p < to && node != ByteTrie.NONE; p++) {
            node = trie.child(node, b[p] & 0xFF);
        }
        return node == ByteTrie.NONE ? ByteTrie.NONE : trie.value(node);
    }
}
