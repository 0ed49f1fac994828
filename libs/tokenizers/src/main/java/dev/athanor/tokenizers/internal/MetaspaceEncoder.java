package dev.athanor.tokenizers.internal;

import dev.athanor.tokenizers.AlignedText;
import dev.athanor.tokenizers.IntList;
import dev.athanor.tokenizers.models.Model;
import dev.athanor.tokenizers.normalizers.Normalizer;
import dev.athanor.tokenizers.pretokenizers.Metaspace;
import dev.athanor.tokenizers.pretokenizers.Metaspace.PrependScheme;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * Metaspace in one pass over the bytes, for normalizers that treat each character by itself. What lies between two blanks and has
 * characters that may join with their neighbours, or that become blanks, is normalized by itself.
 */
final class MetaspaceEncoder implements FastEncoder {

    private static final byte[] MARK = "\u2581".getBytes(StandardCharsets.UTF_8);
    /** The rewriting of a character that needs the plain path. */
    private static final byte[] UNSAFE = {};

    private static final byte[] BLANK = {' '};

    private final @Nullable Normalizer normalizer;
    private final boolean whitespaceSplit;
    private final Model model;
    private final PieceModel.TokenLengths lengths;
    private final BlankStretch blankStretch;
    private final AtomicReferenceArray<byte[]> rewrites = new AtomicReferenceArray<>(0x10000);
    /** Bytes that stay as they are. */
    private final boolean[] plain = new boolean[256];

    /** @param whitespaceSplit whether all white space cuts and goes, or only blanks cut and stay */
    MetaspaceEncoder(@Nullable Normalizer normalizer, boolean whitespaceSplit, Model model) {
        this.normalizer = normalizer;
        this.whitespaceSplit = whitespaceSplit;
        this.model = model;
        lengths = PieceModel.TokenLengths.of(model);
        blankStretch = new BlankStretch(normalizer, whitespaceSplit);
        for (int c = 0; c < 128; c++) {
            byte[] rewrite = of(c);
            plain[c] = rewrite.length == 1 && rewrite[0] == c && rewrite != BLANK;
        }
    }

    static boolean fits(Metaspace metaspace) {
        return metaspace.replacement() == 0x2581
                && metaspace.split()
                && metaspace.prependScheme() == PrependScheme.ALWAYS;
    }

    @Override
    public Scratch newScratch() {
        return new CachedPieces(model, lengths);
    }

    @Override
    public boolean encode(byte[] b, int from, int to, Scratch scratch, IntList out) {
        CachedPieces pieces = (CachedPieces) scratch;
        int before = out.size();
        byte[] r = pieces.rewritten(6 * (to - from) + 64);
        int start = 0;
        int n = 0;
        boolean open = false;
        int stretch = from;
        int idsBeforeStretch = before;
        for (int p = from; p < to; ) {
            if (plain[b[p] & 0xFF]) {
                if (!open) {
                    start = n;
                    n = mark(r, n);
                    open = true;
                }
                r[n++] = b[p++];
                continue;
            }
            int decoded = Utf8.decode(b, p, to);
            p += decoded & 7;
            byte[] rewrite = of(decoded >> 3);
            if (rewrite == UNSAFE) {
                int end = BlankStretch.end(b, p, to);
                byte[] normal = pieces.isTracing() ? null : blankStretch.normalized(b, from, stretch, end, to);
                if (normal == null || !hasRoom(r, n, (normal.length + 1) * MARK.length, to - end)) {
                    out.truncate(before);
                    return false;
                }
                out.truncate(idsBeforeStretch);
                open = stretch > from && !whitespaceSplit;
                start = n;
                n = open ? mark(r, n) : n;
                for (byte w : normal) {
                    if (w == ' ' && open) {
                        pieces.encodeMarked(r, start, n, out);
                    }
                    if (w == ' ' || !open) {
                        start = n;
                        open = w != ' ' || !whitespaceSplit;
                        n = open ? mark(r, n) : n;
                    }
                    if (w != ' ') {
                        r[n++] = w;
                    }
                }
                p = end;
                continue;
            }
            // The room is checked because compatibility decompositions may be long.
            if (!hasRoom(r, n, rewrite.length, to - p)) {
                out.truncate(before);
                return false;
            }
            if (rewrite == BLANK) {
                if (open) {
                    pieces.encodeMarked(r, start, n, out);
                }
                open = !whitespaceSplit;
                start = n;
                n = open ? mark(r, n) : n;
                if (b[p - 1] == ' ') {
                    stretch = p;
                    idsBeforeStretch = out.size();
                }
                continue;
            }
            if (!open) {
                start = n;
                n = mark(r, n);
                open = true;
            }
            for (byte w : rewrite) {
                r[n++] = w;
            }
        }
        if (open) {
            pieces.encodeMarked(r, start, n, out);
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
            origins(b, from, to, codePoint, pieces.origins(pieces.rewritten(0).length));
            pieces.align(ids, out);
        }
        return done;
    }

    /** Goes over the text as {@link #encode} does, and says for each byte that it writes which code point it comes from. */
    private void origins(byte[] b, int from, int to, int codePoint, int[] origins) {
        int n = 0;
        int index = codePoint;
        boolean open = false;
        for (int p = from; p < to; index++) {
            int decoded = Utf8.decode(b, p, to);
            p += decoded & 7;
            byte[] rewrite = of(decoded >> 3);
            boolean blank = rewrite == BLANK;
            int written = blank ? 0 : rewrite.length;
            if (blank ? !whitespaceSplit : !open) {
                written += MARK.length;
            }
            open = !blank || !whitespaceSplit;
            for (int i = 0; i < written; i++) {
                origins[n++] = index;
            }
        }
    }

    /** Whether so many bytes and the rest of the text, if it stays as it is, have room behind the {@code n} that are there. */
    private static boolean hasRoom(byte[] r, int n, int more, int rest) {
        return r.length - n >= more + MARK.length + 2 * PieceCache.PADDING + rest;
    }

    private static int mark(byte[] r, int at) {
        r[at] = MARK[0];
        r[at + 1] = MARK[1];
        r[at + 2] = MARK[2];
        return at + MARK.length;
    }

    private byte[] of(int codePoint) {
        if (codePoint >= 0x10000) {
            return UNSAFE;
        }
        byte[] known = rewrites.getAcquire(codePoint);
        if (known == null) {
            known = rewrite(codePoint);
            rewrites.setRelease(codePoint, known);
        }
        return known;
    }

    private byte[] rewrite(int c) {
        if (!standsAlone(c)) {
            return UNSAFE;
        }
        AlignedText text = AlignedText.of(Character.toString(c));
        AlignedText normal = normalizer == null ? text : normalizer.normalize(text);
        if (normal.isEmpty()) {
            return UNSAFE;
        }
        for (int i = 0; i < normal.length(); i++) {
            int n = normal.codePoint(i);
            boolean cuts = whitespaceSplit ? CharClasses.isWhiteSpace(n) : n == ' ';
            if (cuts && (normal.length() > 1 || !whitespaceSplit && c != ' ')) {
                return UNSAFE;
            }
            if (cuts) {
                return BLANK;
            }
            if (n == 0x2581 || CombiningClass.of(n) != 0) {
                return UNSAFE;
            }
        }
        return normal.toUtf8();
    }

    /** Whether the character is a grapheme whatever is beside it, and composes with nothing that is so too. */
    private static boolean standsAlone(int c) {
        return c != '\r'
                && (c < 0x300
                        || c >= 0x400 && c < 0x482
                        || c >= 0x2010 && c <= 0x2027
                        || c >= 0x2030 && c <= 0x205E
                        || c >= 0x20A0 && c <= 0x20BF
                        || c >= 0x2100 && c <= 0x214F
                        || c >= 0x3041 && c <= 0x3096
                        || c >= 0x30A1 && c <= 0x30FA
                        || c >= 0x4E00 && c <= 0x9FFF
                        || c >= 0xAC00 && c <= 0xD7A3);
    }
}
