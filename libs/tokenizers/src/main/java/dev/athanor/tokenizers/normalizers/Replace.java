package dev.athanor.tokenizers.normalizers;

import dev.athanor.tokenizers.AlignedText;
import dev.athanor.tokenizers.TextPattern;

/** Puts a fixed string in place of every match. */
public record Replace(TextPattern pattern, String content) implements Normalizer {

    @Override
    public AlignedText normalize(AlignedText text) {
        var matches = pattern.find(text);
        if (matches.isEmpty()) {
            return text;
        }
        AlignedText.Rewriter out = new AlignedText.Rewriter(text);
        for (TextPattern.Match match : matches) {
            out.keepUntil(match.from());
            out.skip(match.to() - match.from());
            content.codePoints().forEach(out::insert);
        }
        out.keepUntil(text.length());
        return out.finish();
    }
}
