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
    /** How many bytes each token stands for, or null where that does not follow from its id. */
    private final int @Nullable [] bytesOfId;

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
        bytesOfId =
                isComplete(model.vocabulary()) && model.vocabulary().isOneToOne() ? lengths(model.vocabulary()) : null;
        wholePieces = model.options().ignoreMerges() ? trieOfTokens(model.vocabulary()) : null;
    }

    /** Whether a model treats each byte as a symbol; bytes without a token are left out, as without an unknown token they are. */
    public static boolean fits(Bpe model) {
        Bpe.Options o = model.options();
        boolean noAffix = isBlank(o.continuingSubwordPrefix()) && isBlank(o.endOfWordSuffix());
        return noAffix && (isComplete(model.vocabulary()) || o.unkToken() == null && !o.byteFallback());
    }

    private static boolean isComplete(Vocabulary vocabulary) {
        boolean complete = true;
        for (int b = 0; b < 256; b++) {
            complete &= vocabulary.contains(String.valueOf(ByteAlphabet.charOf(b)));
        }
        return complete;
    }

    /** Tokens are written in an alphabet of one character a byte. */
    private static int[] lengths(Vocabulary vocabulary) {
        int[] lengths = new int[vocabulary.idLimit()];
        vocabulary.forEach((token, id) -> lengths[id] = token.length());
        return lengths;
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
        /** The ids of one piece. */
        final IntList ids = new IntList();

        private byte[] prefixed = new byte[64];

        BpeScratch(MergeTable table) {
            merger = new Merger(table);
        }

        /** The text with a blank in front. */
        byte[] prefixed(byte[] utf8, int from, int to) {
            int n = to - from;
            if (prefixed.length < n + 1 + PieceCache.PADDING) {
                prefixed = new byte[n + (n >> 2) + 1 + PieceCache.PADDING];
            }
            prefixed[0] = ' ';
            System.arraycopy(utf8, from, prefixed, 1, n);
            return prefixed;
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
            encodePieces(s.prefixed(utf8, from, to), 0, to - from + 1, s, out);
        } else {
            encodePieces(utf8, from, to, s, out);
        }
        return true;
    }

    @Override
    public boolean encodeAligned(byte[] utf8, int from, int to, Scratch scratch, int codePoint, AlignedTokens out) {
        int[] lengths = bytesOfId;
        if (lengths == null) {
            return false;
        }
        BpeScratch s = (BpeScratch) scratch;
        boolean prefixed = addPrefixSpace && from < to && utf8[from] != ' ';
        byte[] b = utf8;
        int start = from;
        int end = to;
        if (prefixed) {
            b = s.prefixed(utf8, from, to);
            start = 0;
            end = to - from + 1;
        }
        // The blank put in front comes from the first character, as that itself does.
        int added = prefixed ? 1 : 0;
        int at = 0;
        IntList ids = s.ids;
        for (int p = start; p < end; ) {
            int q = scanner.next(b, p, end);
            ids.clear();
            encodePiece(b, p, q, s, ids);
            for (int i = 0; i < ids.size(); i++) {
                int id = ids.get(i);
                int first = at - (isContinuation(b[p]) ? 1 : 0);
                int next = p + lengths[id];
                at += Utf8.codePoints(b, p, next);
                p = next;
                out.add(id, codePoint + Math.max(first - added, 0), codePoint + Math.max(at - added, 1));
            }
            out.endWord();
        }
        return true;
    }

    private static boolean isContinuation(byte b) {
        return (b & 0xC0) == 0x80;
    }

    private void encodePieces(byte[] b, int from, int to, BpeScratch s, IntList out) {
        for (int p = from; p < to; ) {
            int q = scanner.next(b, p, to);
            encodePiece(b, p, q, s, out);
            p = q;
        }
    }

    private void encodePiece(byte[] b, int from, int to, BpeScratch s, IntList out) {
        int length = to - from;
        if (length > PieceCache.MAX_PIECE) {
            merge(b, from, to, s.merger, out);
        } else if (!s.cache.find(b, from, length, out)) {
            int before = out.size();
            merge(b, from, to, s.merger, out);
            s.cache.put(out.array(), before, out.size());
        }
    }

    private void merge(byte[] b, int from, int to, Merger merger, IntList out) {
        if (wholePieces != null) {
            int whole = wholePieces.find(b, from, to);
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
}
