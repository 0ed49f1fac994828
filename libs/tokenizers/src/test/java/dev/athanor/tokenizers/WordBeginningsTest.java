package dev.athanor.tokenizers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.athanor.tokenizers.decoders.FuseDecoder;
import dev.athanor.tokenizers.models.Bpe;
import dev.athanor.tokenizers.models.WordLevel;
import dev.athanor.tokenizers.pretokenizers.ByteLevel;
import dev.athanor.tokenizers.pretokenizers.FixedLength;
import dev.athanor.tokenizers.pretokenizers.Whitespace;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Words are told from ids as the pre-tokenizer cut them in encoding. */
class WordBeginningsTest {

    private static final String TEXT =
            "Once upon a time, there weren't any end-of-line marks\u2014only 1234 (or 5,678) naïve 日本語 users!\n\n  \"Well,\" said"
                    + " #hashtag ##two ###three, \tquoted; it's   over...\n";

    @ParameterizedTest
    @ValueSource(strings = {"gpt2", "roberta", "llama3", "qwen2", "bert-cased"})
    void asThePreTokenizerCuts(String layout) {
        assertWordsOf(Tokenizer.fromJson(PublishedLayouts.all().get(layout)), TEXT);
    }

    @ParameterizedTest
    @ValueSource(strings = {"xlm-r", "t5", "llama2", "mistral", "gemma", "clip"})
    void marksBeginWords(String layout) {
        Tokenizer tokenizer = Tokenizer.fromJson(PublishedLayouts.all().get(layout));
        String text = "once upon a time there were two unbelievable tokenizers";
        assertThat(words(tokenizer, tokenizer.encodeIds(text)))
                .containsExactly("once", "upon", "a", "time", "there", "were", "two", "unbelievable", "tokenizers");
    }

    @ParameterizedTest
    @ValueSource(strings = {"gpt2", "bert-base-uncased", "clip"})
    void ofPublishedTokenizers(String name) {
        Tokenizer tokenizer = Shared.tokenizer(name);
        assertWordsOf(tokenizer, TEXT);
        if (name.equals("gpt2")) {
            // The vocabulary has tokens that begin with ##, which once made it pass for WordPiece.
            assertThat(tokenizer.tokenToId("##")).isNotNegative();
        }
    }

    private static void assertWordsOf(Tokenizer tokenizer, String text) {
        Encoding encoding = tokenizer.encode(text, false);
        boolean[] begins = begins(tokenizer, encoding.ids());
        int[] words = encoding.wordIds();
        int within = 0;
        for (int i = 0; i < words.length; i++) {
            assertThat(begins[i])
                    .as("%s %s", i, Arrays.toString(Arrays.copyOfRange(encoding.tokens(), Math.max(0, i - 2), i + 1)))
                    .isEqualTo(i == 0 || words[i] != words[i - 1]);
            within += begins[i] ? 0 : 1;
        }
        assertThat(within).as("tokens within words").isPositive();
    }

    @Test
    void aLineEndAndPunctuationAreNoPartOfTheWordBefore() {
        Tokenizer tokenizer = Tokenizer.fromJson(PublishedLayouts.all().get("gpt2"));
        assertThat(words(tokenizer, tokenizer.encodeIds("unbelievable,\nNext tokenizers.")))
                .containsExactly("unbelievable", ",", "\n", "Next", "tokenizers", ".");
    }

    @Test
    void addedTokensStandApartAndWhatFollowsThemBegins() {
        Tokenizer tokenizer = Tokenizer.fromJson(PublishedLayouts.all().get("gpt2"));
        int end = tokenizer.tokenToId("<|endoftext|>");
        int[] one = tokenizer.encodeIds("unbelievable");
        int[] ids = new int[2 * one.length + 1];
        System.arraycopy(one, 0, ids, 0, one.length);
        ids[one.length] = end;
        System.arraycopy(one, 0, ids, one.length + 1, one.length);
        boolean[] begins = begins(tokenizer, ids);
        for (int i = 0; i < ids.length; i++) {
            assertThat(begins[i]).isEqualTo(i == 0 || i == one.length || i == one.length + 1);
        }
        assertThat(begins(tokenizer, new int[] {1 << 20, one[0], one[1]})).containsExactly(true, true, false);
    }

    @Test
    void aCutCharacterIsNoWordBoundaryWithin() {
        Tokenizer tokenizer = Tokenizer.fromJson(PublishedLayouts.all().get("gpt2"));
        int[] ids = tokenizer.encodeIds(" ꙮꙮꙮ");
        assertThat(ids.length).as("characters of several tokens").isGreaterThan(6);
        boolean[] begins = begins(tokenizer, ids);
        for (int i = 0; i < ids.length; i++) {
            assertThat(begins[i]).isEqualTo(i == 0);
        }
    }

    @Test
    void charactersAreWordsBetweenWhiteSpace() {
        Tokenizer tokenizer = Tokenizer.of(TokenizerSpec.of(
                new FixedLength(1),
                new WordLevel(Vocabulary.ofList(List.of("?", "a", "b", " ", "\n")), "?"),
                new FuseDecoder()));
        assertThat(words(tokenizer, tokenizer.encodeIds("ab ba\nb  a"))).containsExactly("ab", "ba", "b", "a");
    }

    @Test
    void wordsOfAWordModelAreWords() {
        Tokenizer tokenizer = Tokenizer.of(TokenizerSpec.of(
                new Whitespace(), new WordLevel(Vocabulary.ofList(List.of("?", "a", "b")), "?"), new FuseDecoder()));
        assertThat(begins(tokenizer, tokenizer.encodeIds("a b a"))).containsExactly(true, true, true);
    }

    @Test
    void whereTheTokensDoNotTellItIsRefused() {
        Tokenizer tokenizer = Tokenizer.of(TokenizerSpec.of(
                new Whitespace(),
                new Bpe(Vocabulary.ofList(List.of("a", "b")), List.of(), Bpe.Options.DEFAULT),
                new FuseDecoder()));
        assertThatThrownBy(() -> WordBeginnings.of(tokenizer))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("where words begin");
    }

    @Test
    void bytesThatAreNotCutAreWordsBetweenWhiteSpace() {
        Tokenizer gpt2 = Tokenizer.fromJson(PublishedLayouts.all().get("gpt2"));
        Tokenizer uncut = Tokenizer.of(TokenizerSpec.of(
                new ByteLevel(false, true, false),
                gpt2.spec().model(),
                gpt2.spec().decoder()));
        assertThat(words(uncut, uncut.encodeIds("ab, c\nd"))).containsExactly("ab,", "c", "d");
    }

    private static boolean[] begins(Tokenizer tokenizer, int[] ids) {
        // In the middle of an array, as rows lie in a batch.
        var padded = new long[ids.length + 3];
        for (int i = 0; i < ids.length; i++) {
            padded[i + 2] = ids[i];
        }
        var begins = new boolean[padded.length];
        WordBeginnings.of(tokenizer).mark(padded, 2, ids.length, begins);
        assertThat(begins[0] || begins[1] || begins[padded.length - 1]).isFalse();
        return Arrays.copyOfRange(begins, 2, 2 + ids.length);
    }

    private static List<String> words(Tokenizer tokenizer, int[] ids) {
        boolean[] begins = begins(tokenizer, ids);
        List<String> words = new ArrayList<>();
        for (int from = 0; from < ids.length; ) {
            int to = from + 1;
            while (to < ids.length && !begins[to]) {
                to++;
            }
            // CLIP marks the last token of a word.
            String word = tokenizer.decode(Arrays.copyOfRange(ids, from, to)).replace("</w>", "");
            words.add(word.isBlank() ? word : word.strip());
            from = to;
        }
        return words;
    }
}
