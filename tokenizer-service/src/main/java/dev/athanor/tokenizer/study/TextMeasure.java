package dev.athanor.tokenizer.study;

/**
 * How a tokenizer does on some text.
 *
 * @param bytes of UTF-8
 * @param words between white space
 * @param bytesPerToken compression
 * @param fertility tokens per word
 * @param unknownRate share of the tokens that are the unknown token
 * @param coverage share of the characters that are neither unknown nor spelt in bytes
 */
public record TextMeasure(
        long documents,
        long bytes,
        long words,
        long tokens,
        double bytesPerToken,
        double fertility,
        double unknownRate,
        double coverage) {

    /** Sums over documents. */
    static final class Sums {

        private long documents;
        private long bytes;
        private long characters;
        private long uncovered;
        private long words;
        private long tokens;
        private long unknown;

        void add(String text, int utf8Bytes, int tokenCount, int unknownTokens, int uncoveredCharacters) {
            documents++;
            bytes += utf8Bytes;
            characters += text.codePointCount(0, text.length());
            uncovered += uncoveredCharacters;
            words += words(text);
            tokens += tokenCount;
            unknown += unknownTokens;
        }

        private static int words(String text) {
            int words = 0;
            boolean inWord = false;
            for (int i = 0; i < text.length(); i++) {
                boolean blank = Character.isWhitespace(text.charAt(i));
                words += !blank && !inWord ? 1 : 0;
                inWord = !blank;
            }
            return words;
        }

        TextMeasure measure() {
            return new TextMeasure(
                    documents,
                    bytes,
                    words,
                    tokens,
                    ratio(bytes, tokens),
                    ratio(tokens, words),
                    ratio(unknown, tokens),
                    1 - ratio(uncovered, characters));
        }

        private static double ratio(long part, long whole) {
            return whole == 0 ? 0 : (double) part / whole;
        }
    }
}
