package dev.athanor.tokenizers;

import dev.athanor.tokenizers.internal.ByteTrie;
import dev.athanor.tokenizers.internal.CharClasses;
import dev.athanor.tokenizers.internal.Utf8;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Finds added tokens in a text: at each place the longest, from left to right. */
final class AddedTokens {

    /** A stretch of text: an added token, or text between two of them where {@code token} is null. */
    record Stretch(int from, int to, @Nullable AddedToken token) {}

    private final List<AddedToken> tokens;
    private final ByteTrie trie = new ByteTrie();
    /** Bytes that an added token begins with. */
    private final boolean[] first = new boolean[256];

    /** @param contents what each token looks like in the text that will be searched */
    AddedTokens(List<AddedToken> tokens, List<String> contents) {
        this.tokens = List.copyOf(tokens);
        for (int i = 0; i < tokens.size(); i++) {
            byte[] key = contents.get(i).getBytes(StandardCharsets.UTF_8);
            if (key.length > 0) {
                trie.put(key, i);
                first[key[0] & 0xFF] = true;
            }
        }
    }

    boolean isEmpty() {
        return tokens.isEmpty();
    }

    /** Whether some added token could start in the bytes. */
    boolean mayOccur(byte[] utf8, int from, int to) {
        if (tokens.isEmpty()) {
            return false;
        }
        for (int p = from; p < to; p++) {
            if (first[utf8[p] & 0xFF] && longestAt(utf8, p, to) >= 0) {
                return true;
            }
        }
        return false;
    }

    /**
     * Cuts the bytes into stretches, which together are all of them. Positions are in bytes. A token that begins within the white space
     * that the one before it took is a stretch too, as in the reference: then stretches overlap. If all that is left of such a token lies
     * in front of where its own white space may begin, there is no stretch of it. A stretch never begins in front of the one before it.
     */
    List<Stretch> cut(byte[] utf8, int from, int to) {
        List<Stretch> stretches = new ArrayList<>();
        int done = from;
        int spaceEnd = from;
        for (int p = from; p < to; ) {
            int length = first[utf8[p] & 0xFF] ? longestAt(utf8, p, to) : -1;
            if (length < 0) {
                p++;
                continue;
            }
            AddedToken token = tokens.get(longestValue(utf8, p, to));
            int start = p;
            int stop = p + length;
            p = stop;
            if (token.singleWord() && !betweenWords(utf8, from, start, stop, to)) {
                continue;
            }
            if (token.lstrip()) {
                start = done < start ? spaceBefore(utf8, done, start) : done;
            }
            if (token.rstrip()) {
                // Tokens of white space come one after the other within the run that the first of them took.
                stop = stop < spaceEnd ? spaceEnd : spaceAfter(utf8, stop, to);
                spaceEnd = stop;
            }
            if (stop <= start) {
                continue;
            }
            if (done < start) {
                stretches.add(new Stretch(done, start, null));
            }
            stretches.add(new Stretch(start, stop, token));
            done = stop;
        }
        if (done < to) {
            stretches.add(new Stretch(done, to, null));
        }
        return stretches;
    }

    private int longestAt(byte[] utf8, int p, int to) {
        int node = 0;
        int longest = -1;
        for (int q = p; q < to; q++) {
            node = trie.child(node, utf8[q] & 0xFF);
            if (node == ByteTrie.NONE) {
                break;
            }
            if (trie.value(node) != ByteTrie.NONE) {
                longest = q + 1 - p;
            }
        }
        return longest;
    }

    private int longestValue(byte[] utf8, int p, int to) {
        int node = 0;
        int value = -1;
        for (int q = p; q < to; q++) {
            node = trie.child(node, utf8[q] & 0xFF);
            if (node == ByteTrie.NONE) {
                break;
            }
            value = trie.value(node) != ByteTrie.NONE ? trie.value(node) : value;
        }
        return value;
    }

    private static boolean betweenWords(byte[] utf8, int from, int start, int stop, int to) {
        boolean left = start == from || !CharClasses.isWord(codePointBefore(utf8, from, start));
        boolean right = stop == to || !CharClasses.isWord(codePointAt(utf8, stop, to));
        return left && right;
    }

    private static int spaceBefore(byte[] utf8, int from, int start) {
        int p = start;
        while (p > from && CharClasses.isWhiteSpace(codePointBefore(utf8, from, p))) {
            p--;
            while ((utf8[p] & 0xC0) == 0x80) {
                p--;
            }
        }
        return p;
    }

    private static int spaceAfter(byte[] utf8, int stop, int to) {
        int p = stop;
        while (p < to && CharClasses.isWhiteSpace(codePointAt(utf8, p, to))) {
            p += Utf8.decode(utf8, p, to) & 7;
        }
        return p;
    }

    private static int codePointAt(byte[] utf8, int p, int to) {
        return Utf8.decode(utf8, p, to) >> 3;
    }

    private static int codePointBefore(byte[] utf8, int from, int p) {
        int q = p - 1;
        while (q > from && (utf8[q] & 0xC0) == 0x80) {
            q--;
        }
        return codePointAt(utf8, q, p);
    }
}
