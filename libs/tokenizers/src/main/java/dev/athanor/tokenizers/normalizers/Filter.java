package dev.athanor.tokenizers.normalizers;

import dev.athanor.tokenizers.AlignedText;
import java.util.function.IntPredicate;

/** Leaves characters out. */
final class Filter {

    private Filter() {}

    static AlignedText keep(AlignedText text, IntPredicate kept) {
        AlignedText.Rewriter out = new AlignedText.Rewriter(text);
        for (int i = 0; i < text.length(); i++) {
            if (kept.test(text.codePoint(i))) {
                out.keep();
            } else {
                out.skip(1);
            }
        }
        return out.finish();
    }
}
