package dev.athanor.tokenizers.decoders;

import java.util.List;

/**
 * Takes a character off the ends of each token.
 *
 * @param content the character, a code point
 * @param start at most so many at the start
 * @param stop at most so many at the end
 */
public record StripDecoder(int content, int start, int stop) implements Decoder {

    @Override
    public List<String> decodeChain(List<String> tokens) {
        return tokens.stream().map(this::stripped).toList();
    }

    private String stripped(String token) {
        int[] c = token.codePoints().toArray();
        int from = 0;
        while (from < c.length && from < start && c[from] == content) {
            from++;
        }
        int to = c.length;
        while (to > from && c.length - to < stop && c[to - 1] == content) {
            to--;
        }
        return new String(c, from, to - from);
    }
}
