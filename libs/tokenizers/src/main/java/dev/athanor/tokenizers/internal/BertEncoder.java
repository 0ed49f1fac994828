package dev.athanor.tokenizers.internal;

import dev.athanor.tokenizers.AlignedText;
import dev.athanor.tokenizers.IntList;
import dev.athanor.tokenizers.models.Model;
import dev.athanor.tokenizers.normalizers.BertNormalizer;
import java.util.concurrent.atomic.AtomicReferenceArray;

/**
 * BertNormalizer and BertPreTokenizer in one pass over the bytes: a table says what each ASCII byte becomes, another what each
 * character above does. Texts with combining marks, whose order NFD may change, take the plain path.
 */
final class BertEncoder implements FastEncoder {

    private static final byte WORD = 0;
    private static final byte SPACE = 1;
    private static final byte PUNCTUATION = 2;
    private static final byte REMOVED = 3;
    private static final byte MULTI = 4;

    /** What a character becomes: its class and its bytes. */
    private record Rewrite(byte kind, byte[] bytes) {}

    private final BertNormalizer normalizer;
    private final Model model;
    private final PieceModel.TokenLengths lengths;
    private final byte[] kindOfByte = new byte[256];
    private final byte[] rewriteOfByte = new byte[128];
    private final AtomicReferenceArray<Rewrite> rewrites = new AtomicReferenceArray<>(0x10000);

    BertEncoder(BertNormalizer normalizer, Model model) {
        this.normalizer = normalizer;
        this.model = model;
        lengths = PieceModel.TokenLengths.of(model);
        for (int c = 0; c < 256; c++) {
            Rewrite rewrite = c < 0x80 ? rewrite(c) : new Rewrite(MULTI, new byte[0]);
            kindOfByte[c] = rewrite.kind;
            if (c < 0x80 && rewrite.bytes.length > 0) {
                rewriteOfByte[c] = rewrite.bytes[0];
            }
        }
    }

    @Override
    public Scratch newScratch() {
        return new CachedPieces(model, lengths);
    }

    @Override
    public boolean encode(byte[] b, int from, int to, Scratch scratch, IntList out) {
        CachedPieces pieces = (CachedPieces) scratch;
        // A character becomes at most six bytes a byte: U+0390 is two and decomposes to six.
        byte[] r = pieces.rewritten(3 * (to - from) + 8);
        int before = out.size();
        int start = 0;
        int n = 0;
        for (int p = from; p < to; ) {
            int kind = kindOfByte[b[p] & 0xFF];
            if (kind == WORD) {
                r[n++] = rewriteOfByte[b[p++]];
                continue;
            }
            int length = 1;
            if (kind == MULTI) {
                int decoded = Utf8.decode(b, p, to);
                length = decoded & 7;
                Rewrite rewrite = of(decoded >> 3);
                kind = rewrite.kind;
                if (kind == MULTI) {
                    out.truncate(before);
                    return false;
                }
                if (kind == WORD) {
                    byte[] with = rewrite.bytes;
                    for (byte w : with) {
                        r[n++] = w;
                    }
                    p += length;
                    continue;
                }
            }
            if (kind != REMOVED) {
                if (n > start) {
                    pieces.encode(r, start, n, out);
                }
                start = n;
                if (kind == PUNCTUATION) {
                    n = punctuation(b, p, p + length, r, n);
                    pieces.encode(r, start, n, out);
                    start = n;
                }
            }
            p += length;
        }
        if (n > start) {
            pieces.encode(r, start, n, out);
        }
        return true;
    }

    @Override
    public boolean encodeAligned(byte[] b, int from, int to, Scratch scratch, int codePoint, AlignedTokens out) {
        CachedPieces pieces = (CachedPieces) scratch;
        IntList ids = new IntList((to - from) / 3 + 8);
        pieces.startTracing();
        boolean done = encode(b, from, to, scratch, ids);
        pieces.stopTracing();
        if (done) {
            origins(b, from, to, codePoint, pieces.origins(3 * (to - from) + 8));
            pieces.align(ids, out);
        }
        return done;
    }

    /** Goes over the text as {@link #encode} does, and says for each byte that it writes which code point it comes from. */
    private void origins(byte[] b, int from, int to, int codePoint, int[] origins) {
        int n = 0;
        int index = codePoint;
        for (int p = from; p < to; index++) {
            int kind = kindOfByte[b[p] & 0xFF];
            int decoded = Utf8.decode(b, p, to);
            int written = 1;
            if (kind == MULTI) {
                Rewrite rewrite = of(decoded >> 3);
                kind = rewrite.kind;
                written = rewrite.bytes.length;
            }
            if (kind == WORD || kind == PUNCTUATION) {
                for (int i = 0; i < written; i++) {
                    origins[n++] = index;
                }
            }
            p += decoded & 7;
        }
    }

    private int punctuation(byte[] b, int from, int to, byte[] r, int at) {
        int n = at;
        if (b[from] >= 0) {
            r[n++] = b[from];
            return n;
        }
        for (byte w : of(Utf8.decode(b, from, to) >> 3).bytes) {
            r[n++] = w;
        }
        return n;
    }

    private Rewrite of(int codePoint) {
        if (codePoint >= 0x10000) {
            return rewrite(codePoint);
        }
        Rewrite known = rewrites.getPlain(codePoint);
        if (known == null) {
            known = rewrite(codePoint);
            rewrites.set(codePoint, known);
        }
        return known;
    }

    /** Asks the plain normalizer; a character that becomes several pieces, or may move among its neighbours, is left to it. */
    private Rewrite rewrite(int c) {
        AlignedText normal = normalizer.normalize(AlignedText.of(Character.toString(c)));
        if (normal.isEmpty()) {
            return CombiningClass.of(c) != 0 && !ReferenceClasses.isNonspacingMark(c)
                    ? new Rewrite(MULTI, new byte[0])
                    : new Rewrite(REMOVED, new byte[0]);
        }
        byte kind = WORD;
        boolean alone = normal.length() == 1;
        for (int i = 0; i < normal.length(); i++) {
            int n = normal.codePoint(i);
            if (BertChars.isSpace(n)) {
                kind = alone ? SPACE : isolated(normal) ? PUNCTUATION : MULTI;
            } else if (BertChars.isPunctuation(n)) {
                kind = alone ? PUNCTUATION : MULTI;
            } else if (CombiningClass.of(n) != 0) {
                return new Rewrite(MULTI, new byte[0]);
            }
        }
        boolean trimmed = kind == PUNCTUATION && !alone;
        return new Rewrite(kind, (trimmed ? normal.slice(1, 2) : normal).toUtf8());
    }

    /** A CJK ideograph between two blanks is a piece of its own, as punctuation is. */
    private static boolean isolated(AlignedText normal) {
        return normal.length() == 3
                && normal.codePoint(0) == ' '
                && normal.codePoint(2) == ' '
                && !BertChars.isSpace(normal.codePoint(1));
    }
}
