package dev.athanor.tokenizers.normalizers;

import dev.athanor.tokenizers.AlignedText;

/** The clean-up of SentencePiece's nmt rules: control characters go, invisible and odd white space becomes a blank. */
public record Nmt() implements Normalizer {

    @Override
    public AlignedText normalize(AlignedText text) {
        AlignedText.Rewriter out = new AlignedText.Rewriter(text);
        for (int i = 0; i < text.length(); i++) {
            int c = text.codePoint(i);
            if (isRemoved(c)) {
                out.skip(1);
            } else {
                out.replace(isBlank(c) ? ' ' : c);
            }
        }
        return out.finish();
    }

    private static boolean isRemoved(int c) {
        return c >= 0x01 && c <= 0x08 || c == 0x0B || c >= 0x0E && c <= 0x1F || c == 0x7F || c == 0x8F || c == 0x9F;
    }

    private static boolean isBlank(int c) {
        return switch (c) {
            case 0x09, 0x0A, 0x0C, 0x0D, 0x1680, 0x2028, 0x2029, 0x2581, 0xFEFF, 0xFFFD -> true;
            default -> c >= 0x200B && c <= 0x200F;
        };
    }
}
