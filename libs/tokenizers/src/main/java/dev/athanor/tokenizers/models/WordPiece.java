package dev.athanor.tokenizers.models;

import dev.athanor.tokenizers.AlignedText;
import dev.athanor.tokenizers.Vocabulary;

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

    /** The id of the unknown token; an IllegalStateException if the vocabulary has none. */
    public int unkId() {
        int id = vocabulary.id(unkToken);
        if (id == Vocabulary.ABSENT) {
            throw new IllegalStateException("WordPiece: a word has no tokens, and the unknown token \"" + unkToken
                    + "\" is not in the vocabulary");
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

    private int id(AlignedText piece, int start, int end) {
        String part = piece.substring(start, end);
        return vocabulary.id(start > 0 ? continuingSubwordPrefix + part : part);
    }
}
