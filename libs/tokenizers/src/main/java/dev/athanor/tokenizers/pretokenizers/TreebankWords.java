package dev.athanor.tokenizers.pretokenizers;

import dev.athanor.tokenizers.AlignedText;
import dev.athanor.tokenizers.words.TreebankRules;
import java.util.List;

/**
 * Words as NLTK's TreebankWordTokenizer cuts them: clitics ({@code n't}, {@code 'll}) and punctuation are words, a full stop only at
 * the end of the text. Quotation marks stay as they are written. Not a part of the Hugging Face library.
 */
public record TreebankWords() implements PreTokenizer {

    @Override
    public List<AlignedText> split(AlignedText text) {
        String string = text.toString();
        return WordRanges.split(text, string, TreebankRules.words(string));
    }
}
