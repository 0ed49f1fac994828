package dev.athanor.tokenizers.models;

import dev.athanor.tokenizers.AlignedText;
import dev.athanor.tokenizers.IntList;
import dev.athanor.tokenizers.UnencodableTextException;
import dev.athanor.tokenizers.Vocabulary;
import dev.athanor.tokenizers.internal.ByteTrie;
import dev.athanor.tokenizers.internal.Utf8;
import java.nio.charset.StandardCharsets;

/**
 * WordPiece as BERT encodes it: the longest token of the vocabulary first, the rest of the word with a prefix in front; a word of
 * which some part has no token becomes the unknown token whole.
 */
public final class WordPiece implements Model {

    private final Vocabulary vocabulary;
    private final String unkToken;
    private final String continuingSubwordPrefix;
    private final int maxInputCharsPerWord;
    private final int longestToken;
    /** The tokens by their bytes, and those with the prefix by the bytes after it. */
    private final ByteTrie heads = new ByteTrie();

    private final ByteTrie tails = new ByteTrie();

    /** @param maxInputCharsPerWord words of more code points are unknown */
    public WordPiece(Vocabulary vocabulary, String unkToken, String continuingSubwordPrefix, int maxInputCharsPerWord) {
        if (maxInputCharsPerWord < 1) {
            throw new IllegalArgumentException(
                    "model.max_input_chars_per_word: " + maxInputCharsPerWord + ", expected 1 or more");
        }
        this.vocabulary = vocabulary;
        this.unkToken = unkToken;
        this.continuingSubwordPrefix = continuingSubwordPrefix;
        this.maxInputCharsPerWord = maxInputCharsPerWord;
        vocabulary.forEach((token, id) -> {
            heads.put(token.getBytes(StandardCharsets.UTF_8), id);
            if (token.startsWith(continuingSubwordPrefix)) {
                String tail = token.substring(continuingSubwordPrefix.length());
                tails.put(tail.getBytes(StandardCharsets.UTF_8), id);
            }
        });
        int longest = 0;
        for (String token : vocabulary.tokens()) {
            longest = Math.max(longest, token.codePointCount(0, token.length()));
        }
        longestToken = longest;
    }

    @Override
    public Vocabulary vocabulary() {
        return vocabulary;
    }

    public String unkToken() {
        return unkToken;
    }

    public String continuingSubwordPrefix() {
        return continuingSubwordPrefix;
    }

    public int maxInputCharsPerWord() {
        return maxInputCharsPerWord;
    }

    /** The id of the unknown token; an {@link UnencodableTextException} if the vocabulary has none. */
    public int unkId() {
        int id = vocabulary.id(unkToken);
        if (id == Vocabulary.ABSENT) {
            throw new UnencodableTextException(
                    "model.unk_token", unkToken, "a token of the vocabulary, because a word has no tokens");
        }
        return id;
    }

    @Override
    public void tokenize(AlignedText piece, TokenSink out) {
        int n = piece.length();
        if (n == 0) {
            return;
        }
        if (n > maxInputCharsPerWord) {
            out.token(unkId(), 0, n);
            return;
        }
        int[] ids = new int[n];
        int[] ends = new int[n];
        int count = 0;
        int start = 0;
        while (start < n) {
            int end = Math.min(n, start + longestToken);
            int id = Vocabulary.ABSENT;
            while (end > start && (id = id(piece, start, end)) == Vocabulary.ABSENT) {
                end--;
            }
            if (id == Vocabulary.ABSENT) {
                out.token(unkId(), 0, n);
                return;
            }
            ids[count] = id;
            ends[count++] = end;
            start = end;
        }
        for (int i = 0; i < count; i++) {
            out.token(ids[i], i == 0 ? 0 : ends[i - 1], ends[i]);
        }
    }

    /** Adds the ids of a piece in UTF-8: the same as {@link #tokenize} gives, without objects on the way. */
    public void encode(byte[] utf8, int from, int to, IntList out) {
        if (Utf8.codePoints(utf8, from, to) > maxInputCharsPerWord) {
            out.add(unkId());
            return;
        }
        int before = out.size();
        for (int start = from; start < to; ) {
            ByteTrie trie = start == from ? heads : tails;
            int id = ByteTrie.NONE;
            int end = start;
            int node = 0;
            for (int p = start; p < to; p++) {
                node = trie.child(node, utf8[p] & 0xFF);
                if (node == ByteTrie.NONE) {
                    break;
                }
                if (trie.value(node) != ByteTrie.NONE) {
                    id = trie.value(node);
                    end = p + 1;
                }
            }
            if (id == ByteTrie.NONE) {
                out.truncate(before);
                out.add(unkId());
                return;
            }
            out.add(id);
            start = end;
        }
    }

    private int id(AlignedText piece, int start, int end) {
        String part = piece.substring(start, end);
        return vocabulary.id(start > 0 ? continuingSubwordPrefix + part : part);
    }
}
