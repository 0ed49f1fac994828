package dev.athanor.tokenizers.pretokenizers;

import dev.athanor.tokenizers.AlignedText;
import dev.athanor.tokenizers.IntList;
import dev.athanor.tokenizers.words.EnglishTokenizer;
import dev.athanor.tokenizers.words.Tokens;
import java.util.List;

/** Words as spaCy's English rules cut them, without white space. Not a part of the Hugging Face library. */
public record EnglishWords() implements PreTokenizer {

    @Override
    public List<AlignedText> split(AlignedText text) {
        String string = text.toString();
        Tokens tokens = new EnglishTokenizer().tokenize(string);
        IntList ranges = new IntList(2 * tokens.size() + 1);
        for (int i = 0; i < tokens.size(); i++) {
            ranges.add(tokens.start(i));
            ranges.add(tokens.end(i));
        }
        return WordRanges.split(text, string, ranges);
    }
}
