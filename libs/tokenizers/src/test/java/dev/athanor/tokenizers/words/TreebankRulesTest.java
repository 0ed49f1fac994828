package dev.athanor.tokenizers.words;

import static org.assertj.core.api.Assertions.assertThat;

import dev.athanor.tokenizers.AlignedText;
import dev.athanor.tokenizers.IntList;
import dev.athanor.tokenizers.Tokenizer;
import dev.athanor.tokenizers.TokenizerSpec;
import dev.athanor.tokenizers.Vocabulary;
import dev.athanor.tokenizers.models.WordLevel;
import dev.athanor.tokenizers.pretokenizers.EnglishWords;
import dev.athanor.tokenizers.pretokenizers.PreTokenizer;
import dev.athanor.tokenizers.pretokenizers.TreebankWords;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class TreebankRulesTest {

    private static List<String> words(String text) {
        IntList ranges = TreebankRules.words(text);
        List<String> words = new ArrayList<>();
        for (int i = 0; i < ranges.size(); i += 2) {
            words.add(text.substring(ranges.get(i), ranges.get(i + 1)));
        }
        return words;
    }

    /** Examples of NLTK's documentation and tests among them. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\0',
            value = {
                "They'll save and invest more. | They 'll save and invest more .",
                "hi, my name can't hello, | hi , my name ca n't hello ,",
                "On a $50,000 mortgage of 30 years at 8 percent, the monthly payment would be $366.88. "
                        + "| On a $ 50,000 mortgage of 30 years at 8 percent , the monthly payment would be $ 366.88 .",
                "\"We beat some pretty good teams to get here,\" Slocum said. "
                        + "| \" We beat some pretty good teams to get here , \" Slocum said .",
                "Well, we couldn't have this predictable, cliche-ridden, \"Touched by an Angel\" (a show creator John "
                        + "Masius worked on) wanna-be if she didn't. | Well , we could n't have this predictable , cliche-ridden , "
                        + "\" Touched by an Angel \" ( a show creator John Masius worked on ) wanna-be if she did n't .",
                "I cannot cannot work under these conditions! | I can not can not work under these conditions !",
                "The company spent $30,000,000 last year. | The company spent $ 30,000,000 last year .",
                "The company spent 40.75% of its income last year. | The company spent 40.75 % of its income last year .",
                "He arrived at 3:00 pm. | He arrived at 3:00 pm .",
                "I bought these items: books, pencils, and pens. | I bought these items : books , pencils , and pens .",
                "Though there were 150, 100 of them were old. | Though there were 150 , 100 of them were old .",
                "There were 300,000, but that wasn't enough. | There were 300,000 , but that was n't enough .",
                "'tis gonna be more'n lemme | 't is gon na be more 'n lem me",
                "a -- b...c | a -- b ... c",
            })
    void wordsAreNltks(String text, String expected) {
        assertThat(String.join(" ", words(text))).isEqualTo(expected);
    }

    @Test
    void aFullStopIsAWordAtTheEndOnly() {
        assertThat(words("Good muffins cost $3.88\nin New York.  Please buy me\ntwo of them.\nThanks."))
                .containsExactly(
                        "Good", "muffins", "cost", "$", "3.88", "in", "New", "York.", "Please", "buy", "me", "two",
                        "of", "them.", "Thanks", ".");
        assertThat(words("(see U.S.A.)")).containsExactly("(", "see", "U.S.A", ".", ")");
    }

    @Test
    void aQuoteAtTheEndOfAWordIsWhereItStands() {
        IntList ranges = TreebankRules.words("the dogs' tails");
        assertThat(ranges.toArray()).containsExactly(0, 3, 4, 8, 8, 9, 10, 15);
    }

    @Property(tries = 300)
    void wordsAreStretchesOfTheTextInOrder(@ForAll String text) {
        IntList ranges = TreebankRules.words(text);
        int at = 0;
        for (int i = 0; i < ranges.size(); i += 2) {
            assertThat(ranges.get(i)).isGreaterThanOrEqualTo(at);
            assertThat(ranges.get(i + 1)).isGreaterThan(ranges.get(i));
            at = ranges.get(i + 1);
        }
        assertThat(at).isLessThanOrEqualTo(text.length());
    }

    static List<PreTokenizer> preTokenizers() {
        return List.of(new TreebankWords(), new EnglishWords());
    }

    @ParameterizedTest
    @MethodSource("preTokenizers")
    void asAPreTokenizerTheyKeepOffsetsAndAreWrittenAndRead(PreTokenizer pre) {
        WordLevel model = new WordLevel(Vocabulary.of(Map.of("[UNK]", 0, "n't", 1, "😀", 2)), "[UNK]");
        Tokenizer tokenizer =
                Tokenizer.fromJson(Tokenizer.of(new TokenizerSpec(null, null, List.of(), null, pre, null, null, model))
                        .toJson());
        assertThat(tokenizer.spec().preTokenizer()).isEqualTo(pre);
        var encoding = tokenizer.encode("😀 I don't, \"x\"");
        assertThat(encoding.ids()).containsExactly(2, 0, 0, 1, 0, 0, 0, 0);
        assertThat(encoding.start(3)).isEqualTo(6);
        assertThat(encoding.end(3)).isEqualTo(9);
        assertThat(pre.split(AlignedText.of("  "))).isEmpty();
    }
}
