package dev.athanor.tokenizers.normalizers;

import dev.athanor.tokenizers.AlignedText;
import dev.athanor.tokenizers.internal.BertChars;
import dev.athanor.tokenizers.internal.ReferenceClasses;
import dev.athanor.tokenizers.internal.UnicodeForms;
import java.text.Normalizer.Form;
import org.jspecify.annotations.Nullable;

/**
 * BERT's basic tokenizer up to the cut into words.
 *
 * @param cleanText leaves out control characters and makes all white space a blank
 * @param handleChineseChars puts blanks around CJK ideographs
 * @param stripAccents leaves out nonspacing marks after NFD; null means as {@code lowercase}
 */
public record BertNormalizer(
        boolean cleanText,
        boolean handleChineseChars,
        @Nullable Boolean stripAccents,
        boolean lowercase) implements Normalizer {

    private static final Lowercase LOWERCASE = new Lowercase();

    /** Whether accents are stripped. */
    public boolean stripsAccents() {
        return stripAccents == null ? lowercase : stripAccents;
    }

    @Override
    public AlignedText normalize(AlignedText text) {
        AlignedText t = text;
        if (cleanText) {
            t = clean(t);
        }
        if (handleChineseChars) {
            t = spaceChinese(t);
        }
        if (stripsAccents()) {
            t = Filter.keep(UnicodeForms.normalize(t, Form.NFD), c -> !ReferenceClasses.isNonspacingMark(c));
        }
        return lowercase ? LOWERCASE.normalize(t) : t;
    }

    private static AlignedText clean(AlignedText text) {
        AlignedText.Rewriter out = new AlignedText.Rewriter(text);
        for (int i = 0; i < text.length(); i++) {
            int c = text.codePoint(i);
            if (BertChars.isRemoved(c)) {
                out.skip(1);
            } else {
                out.replace(BertChars.isSpace(c) ? ' ' : c);
            }
        }
        return out.finish();
    }

    private static AlignedText spaceChinese(AlignedText text) {
        AlignedText.Rewriter out = new AlignedText.Rewriter(text);
        for (int i = 0; i < text.length(); i++) {
            int c = text.codePoint(i);
            if (BertChars.isChinese(c)) {
                out.insertBefore(' ');
                out.replace(c);
                out.insert(' ');
            } else {
                out.keep();
            }
        }
        return out.finish();
    }
}
