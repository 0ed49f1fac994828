package dev.athanor.tokenizers.normalizers;

import dev.athanor.tokenizers.AlignedText;

/** Puts a string in front of every text that is not empty. */
public record Prepend(String prepend) implements Normalizer {

    @Override
    public AlignedText normalize(AlignedText text) {
        if (text.isEmpty()) {
            return text;
        }
        AlignedText.Rewriter out = new AlignedText.Rewriter(text);
        prepend.codePoints().forEach(out::insertBefore);
        out.keepUntil(text.length());
        return out.finish();
    }
}
