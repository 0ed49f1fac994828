package dev.athanor.tokenizers.normalizers;

import dev.athanor.tokenizers.AlignedText;

/** Each character by itself to lower case, whatever the locale and its place in the word. */
public record Lowercase() implements Normalizer {

    /** The only character whose lower case is two: an i and a dot above. */
    private static final int CAPITAL_I_WITH_DOT = 0x130;

    @Override
    public AlignedText normalize(AlignedText text) {
        AlignedText.Rewriter out = new AlignedText.Rewriter(text);
        for (int i = 0; i < text.length(); i++) {
            int c = text.codePoint(i);
            if (c == CAPITAL_I_WITH_DOT) {
                out.replace('i');
                out.insert(0x307);
            } else {
                out.replace(Character.toLowerCase(c));
            }
        }
        return out.finish();
    }
}
