package dev.athanor.tokenizers.internal;

import dev.athanor.tokenizers.IntList;
import dev.athanor.tokenizers.models.Model;
import dev.athanor.tokenizers.pretokenizers.Metaspace;
import dev.athanor.tokenizers.pretokenizers.Metaspace.PrependScheme;
import java.nio.charset.StandardCharsets;

/**
 * Metaspace on ASCII in one pass, for tokenizers whose normalizer leaves ASCII as it is but for some characters. Other texts take
 * the plain path.
 */
final class MetaspaceEncoder implements FastEncoder {

    /** What the tokenizer does before Metaspace with a run of text between blanks. */
    record Plan(boolean whitespaceSplit, boolean[] plainAscii) {}

    private static final byte[] MARK = "\u2581".getBytes(StandardCharsets.UTF_8);

    private final Metaspace metaspace;
    private final Model model;
    private final Plan plan;

    MetaspaceEncoder(Metaspace metaspace, Model model, Plan plan) {
        this.metaspace = metaspace;
        this.model = model;
        this.plan = plan;
    }

    static boolean fits(Metaspace metaspace) {
        return metaspace.replacement() == 0x2581
                && metaspace.split()
                && metaspace.prependScheme() == PrependScheme.ALWAYS;
    }

    @Override
    public Scratch newScratch() {
        return new CachedPieces(model);
    }

    @Override
    public boolean encode(byte[] b, int from, int to, Scratch scratch, IntList out) {
        for (int p = from; p < to; p++) {
            if (b[p] < 0 || !plan.plainAscii[b[p]]) {
                return false;
            }
        }
        CachedPieces pieces = (CachedPieces) scratch;
        byte[] r = pieces.rewritten(4 * (to - from) + 8);
        int n = 0;
        for (int p = from; p < to; ) {
            boolean blank = isBlank(b[p]);
            if (blank && plan.whitespaceSplit) {
                p++;
                continue;
            }
            int start = n;
            n = mark(r, n);
            p += blank ? 1 : 0;
            while (p < to && !isBlank(b[p])) {
                r[n++] = b[p++];
            }
            pieces.encode(r, start, n, out);
        }
        return true;
    }

    private boolean isBlank(byte c) {
        return c == ' ' || plan.whitespaceSplit && CharClasses.OF_BYTE[c] == CharClasses.SPACE;
    }

    private static int mark(byte[] r, int at) {
        r[at] = MARK[0];
        r[at + 1] = MARK[1];
        r[at + 2] = MARK[2];
        return at + 3;
    }
}
