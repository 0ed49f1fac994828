package dev.athanor.tokenizers.sentencepiece;

import dev.athanor.tokenizers.internal.ByteTrie;
import dev.athanor.tokenizers.internal.CharsMap;
import dev.athanor.tokenizers.internal.Utf8;
import dev.athanor.tokenizers.sentencepiece.SentencePieceModel.Kind;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** The normalization of SentencePiece: longest match in the compiled rules, then its treatment of blanks. */
final class SentencePieceNormalizer {

    private static final byte[] MARK = "\u2581".getBytes(StandardCharsets.UTF_8);
    private static final byte[] BLANK = {' '};
    private static final byte[] REPLACEMENT = "\uFFFD".getBytes(StandardCharsets.UTF_8);

    private final SentencePieceModel model;
    private final @Nullable CharsMap map;
    /** User-defined pieces are not normalized. */
    private final @Nullable ByteTrie userDefined;

    private final byte[] space;

    SentencePieceNormalizer(SentencePieceModel model) {
        this.model = model;
        byte[] charsMap = model.charsMap();
        map = charsMap.length == 0 ? null : new CharsMap(charsMap);
        ByteTrie trie = new ByteTrie();
        boolean any = false;
        for (SentencePieceModel.Piece piece : model.pieces()) {
            if (piece.kind() == Kind.USER_DEFINED) {
                trie.put(piece.text().getBytes(StandardCharsets.UTF_8), 0);
                any = true;
            }
        }
        userDefined = any ? trie : null;
        space = model.escapeWhitespaces() ? MARK : BLANK;
    }

    byte[] normalize(byte[] input) {
        State s = new State(input);
        if (model.removeExtraWhitespaces()) {
            while (s.hasNext() && s.peekIsBlank()) {
                s.advance();
            }
        }
        if (!s.hasNext()) {
            return new byte[0];
        }
        if (model.addDummyPrefix() && !model.treatWhitespaceAsSuffix()) {
            s.put(space, 0, space.length);
        }
        boolean afterSpace = model.removeExtraWhitespaces();
        while (s.hasNext()) {
            s.match();
            int from = s.from;
            while (afterSpace && from < s.to && s.source[from] == ' ') {
                from++;
            }
            if (from < s.to) {
                s.escape(from);
                afterSpace = s.source[s.to - 1] == ' ';
            }
            s.advance();
            afterSpace &= model.removeExtraWhitespaces();
        }
        if (model.removeExtraWhitespaces()) {
            s.dropTrailingSpaces();
        }
        if (model.addDummyPrefix() && model.treatWhitespaceAsSuffix()) {
            s.put(space, 0, space.length);
        }
        return Arrays.copyOf(s.out, s.size);
    }

    /** The input and how far it is read, what the next match becomes, and the output. */
    private final class State {

        private final byte[] in;
        private int at;
        private int matched;
        private byte[] source = BLANK;
        private int from;
        private int to;
        private byte[] out;
        private int size;

        State(byte[] in) {
            this.in = in;
            out = new byte[in.length * 3 + 16];
        }

        boolean hasNext() {
            return at < in.length;
        }

        void advance() {
            at += matched;
        }

        boolean peekIsBlank() {
            match();
            return to - from == 1 && source[from] == ' ';
        }

        /** The next characters to take together, and what they become. */
        void match() {
            int symbol = userDefined == null ? 0 : longestSymbol(userDefined);
            if (symbol > 0) {
                take(symbol, in, at, at + symbol);
                return;
            }
            long found = map == null ? -1 : map.find(in, at, in.length, true);
            if (map != null && found >= 0) {
                int position = (int) found;
                take((int) (found >>> 32), map.strings(), position, map.stringEnd(position));
                return;
            }
            int decoded = Utf8.decode(in, at, in.length);
            int length = decoded & 7;
            if (decoded >> 3 == 0xFFFD && length == 1) {
                take(1, REPLACEMENT, 0, REPLACEMENT.length);
            } else {
                take(length, in, at, at + length);
            }
        }

        private void take(int length, byte[] bytes, int start, int end) {
            matched = length;
            source = bytes;
            from = start;
            to = end;
        }

        private int longestSymbol(ByteTrie trie) {
            int longest = 0;
            int node = 0;
            for (int p = at; p < in.length; p++) {
                node = trie.child(node, in[p] & 0xFF);
                if (node == ByteTrie.NONE) {
                    break;
                }
                longest = trie.value(node) == ByteTrie.NONE ? longest : p + 1 - at;
            }
            return longest;
        }

        void escape(int start) {
            for (int i = start; i < to; i++) {
                if (source[i] == ' ') {
                    put(space, 0, space.length);
                } else {
                    put(source, i, i + 1);
                }
            }
        }

        void put(byte[] bytes, int start, int end) {
            if (out.length - size < end - start) {
                out = Arrays.copyOf(out, out.length * 2 + end - start);
            }
            for (int i = start; i < end; i++) {
                out[size++] = bytes[i];
            }
        }

        void dropTrailingSpaces() {
            while (size >= space.length && Arrays.equals(out, size - space.length, size, space, 0, space.length)) {
                size -= space.length;
            }
        }
    }
}
