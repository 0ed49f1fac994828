package dev.athanor.lm.generate;

import java.util.List;

/**
 * Finds the texts that end a sequence while it grows, each character looked at once (Knuth, Morris, Pratt 1977). The first to be complete
 * counts; of several that are complete at the same character, the longest.
 */
final class StopTexts {

    private final List<String> texts;
    /** For each text and length: how much of the text's beginning also ends that beginning. */
    private final int[][] borders;

    StopTexts(List<String> texts) {
        this.texts = texts;
        borders = texts.stream().map(StopTexts::borders).toArray(int[][]::new);
    }

    private static int[] borders(String text) {
        var borders = new int[text.length() + 1];
        int border = 0;
        for (int i = 1; i < text.length(); i++) {
            while (border > 0 && text.charAt(i) != text.charAt(border)) {
                border = borders[border];
            }
            border += text.charAt(i) == text.charAt(border) ? 1 : 0;
            borders[i + 1] = border;
        }
        return borders;
    }

    /** One sequence's text so far. */
    final class Cursor {

        private final int[] begun = new int[texts.size()];

        /**
         * Reads one more character.
         *
         * @return length of the stop text that ends here; 0 if none does
         */
        int read(char c) {
            int found = 0;
            for (int i = 0; i < begun.length; i++) {
                String text = texts.get(i);
                int length = begun[i];
                while (length > 0 && (length == text.length() || text.charAt(length) != c)) {
                    length = borders[i][length];
                }
                begun[i] = length + (text.charAt(length) == c ? 1 : 0);
                if (begun[i] == text.length()) {
                    found = Math.max(found, begun[i]);
                }
            }
            return found;
        }

        /** How many of the last characters may be the beginning of a stop text. */
        int undecided() {
            int most = 0;
            for (int length : begun) {
                most = Math.max(most, length);
            }
            return most;
        }
    }
}
