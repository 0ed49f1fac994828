package dev.athanor.evaluation.inspection;

import dev.athanor.tokenizers.Encoding;
import dev.athanor.tokenizers.Tokenizer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * What a model reads of a text.
 *
 * @param labels the piece of the text that each token stands for, or the token's name where it stands for none
 * @param truncated whether the text goes on
 */
record Tokens(int[] ids, List<String> labels, boolean truncated) {

    Tokens {
        labels = List.copyOf(labels);
    }

    /** The first tokens of an encoded text. */
    static Tokens of(String text, Encoding encoding, int maxTokens) {
        int kept = Math.min(maxTokens, encoding.length());
        int[] offsets = encoding.utf16Offsets(text);
        List<String> labels = new ArrayList<>();
        for (int i = 0; i < kept; i++) {
            boolean ofText = encoding.sequenceIds()[i] == 0 && offsets[2 * i] < offsets[2 * i + 1];
            labels.add(ofText ? text.substring(offsets[2 * i], offsets[2 * i + 1]) : encoding.tokens()[i]);
        }
        return new Tokens(Arrays.copyOf(encoding.ids(), kept), labels, kept < encoding.length());
    }

    /** The ids that were made of a text in another way; pieces of the text are shown where both agree. */
    static Tokens of(String text, Tokenizer tokenizer, int[] ids, boolean truncated) {
        Tokens known = of(text, tokenizer.encode(text, false), ids.length);
        List<String> labels = new ArrayList<>();
        for (int i = 0; i < ids.length; i++) {
            boolean same = i < known.ids.length && known.ids[i] == ids[i];
            labels.add(same ? known.labels.get(i) : tokenizer.decode(new int[] {ids[i]}, false));
        }
        return new Tokens(ids, labels, truncated);
    }
}
