package dev.athanor.lm.generate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.athanor.lm.generate.Generator.Continuation;
import dev.athanor.lm.generate.Generator.End;
import dev.athanor.tokenizers.Tokenizer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Tokens that are known before they are drawn, and where the text is cut. */
class SequenceTest {

    private record Told(Continuation end, List<String> parts) {}

    private static Told run(Tokenizer tokenizer, List<String> stops, int... tokens) {
        var sampling = new Sampling(tokens.length, 0, 0, 1, 0, 1, List.of(), stops, 0);
        var sequence = new Sequence(
                0, new int[] {0}, sampling, tokens.length + 8, new GrowingText(tokenizer, new StopTexts(stops)));
        List<String> parts = new ArrayList<>();
        for (int i = 0; !sequence.ended(); i++) {
            var logits = new float[tokenizer.vocabSize()];
            logits[tokens[i]] = 1;
            sequence.choose(logits);
            parts.add(sequence.takeText());
        }
        return new Told(sequence.result(), parts);
    }

    private static Continuation end(Tokenizer tokenizer, String stop, int... tokens) {
        Told told = run(tokenizer, List.of(stop), tokens);
        assertThat(String.join("", told.parts())).isEqualTo(told.end().text());
        return told.end();
    }

    @Test
    void whatStandsBeforeTheStopTextInItsTokenStays() {
        Tokenizer tokenizer = TokensOf.texts("ab4.", "cd", ".x");
        Continuation inside = end(tokenizer, ".", 0, 1);
        assertThat(inside.text()).isEqualTo("ab4");
        assertThat(inside.tokens()).containsExactly(0);
        assertThat(inside.end()).isEqualTo(End.STOP_TEXT);
        Continuation atTheBorder = end(tokenizer, ".x", 1, 2, 1);
        assertThat(atTheBorder.text()).isEqualTo("cd");
        assertThat(atTheBorder.tokens()).containsExactly(1);
        Continuation atOnce = end(tokenizer, ".", 2, 1);
        assertThat(atOnce.text()).isEmpty();
        assertThat(atOnce.tokens()).isEmpty();
    }

    @Test
    void stopTextsReachOverTokens() {
        Tokenizer tokenizer = TokensOf.texts("one E", "N", "D two", "x");
        Told told = run(tokenizer, List.of("END"), 0, 1, 2, 3);
        assertThat(told.end().text()).isEqualTo("one ");
        assertThat(told.end().tokens()).containsExactly(0);
        assertThat(told.parts()).containsExactly("one ", "", "");
        // What only looked like one comes as soon as that is known, or at the end.
        assertThat(run(tokenizer, List.of("END"), 0, 1, 3).parts()).containsExactly("one ", "", "ENx");
        Told cut = run(tokenizer, List.of("END"), 0, 1);
        assertThat(cut.parts()).containsExactly("one ", "EN");
        assertThat(cut.end().end()).isEqualTo(End.MAX_TOKENS);
        assertThat(cut.end().tokens()).containsExactly(0, 1);
    }

    @Test
    void theFirstToBeCompleteCountsAndOfTwoAtOnceTheLonger() {
        Tokenizer tokenizer = TokensOf.texts("a", "b", "c", "abcd");
        assertThat(run(tokenizer, List.of("bc", "abcd"), 3).end().text()).isEqualTo("a");
        assertThat(run(tokenizer, List.of("c", "bc"), 0, 1, 2).end().text()).isEqualTo("a");
        assertThat(run(tokenizer, List.of("aab"), 0, 0, 0, 1, 2).end().text()).isEqualTo("a");
    }

    @Test
    void charactersOfSeveralTokensAreNeverTornApart() {
        Tokenizer tokenizer = TokensOf.bytesAnd("end");
        byte[] bytes = "né世界😀.".getBytes(StandardCharsets.UTF_8);
        int[] tokens = new int[bytes.length];
        for (int i = 0; i < tokens.length; i++) {
            tokens[i] = bytes[i] & 0xFF;
        }
        Told told = run(tokenizer, List.of("界😀"), tokens);
        assertThat(told.end().text()).isEqualTo("né世");
        assertThat(told.end().tokens()).hasSize("né世".getBytes(StandardCharsets.UTF_8).length);
        assertThat(String.join("", told.parts())).isEqualTo("né世");
        assertThat(told.parts()).allMatch(part -> part.isEmpty() || "né世".contains(part));
        Told whole = run(tokenizer, List.of("😁"), tokens);
        assertThat(String.join("|", whole.parts())).isEqualTo("n||é|||世|||界||||😀|.");
    }

    /** Whatever the tokens and stop texts, the parts are the text, and the text is that of all tokens up to the first stop text. */
    @Test
    void thePartsAreTheTextOfAllTokensCut() {
        var random = new Random(3);
        Tokenizer tokenizer = TokensOf.texts("a", "b", "ab", "ba", "aab", "é", "éa", "bbé");
        for (int round = 0; round < 2000; round++) {
            List<String> stops = random.ints(random.nextInt(1, 4), 1, 5)
                    .mapToObj(n -> tokenizer.decode(
                            random.ints(n, 0, tokenizer.vocabSize()).toArray()))
                    .toList();
            int[] tokens = random.ints(12, 0, tokenizer.vocabSize()).toArray();
            Told told = run(tokenizer, stops, tokens);
            assertThat(String.join("", told.parts()))
                    .isEqualTo(told.end().text())
                    .isEqualTo(cut(tokenizer.decode(tokens), stops));
            String kept = tokenizer.decode(told.end().tokens());
            assertThat(kept).startsWith(told.end().text());
            int fewer = told.end().tokens().length - 1;
            assertThat(fewer < 0
                            || tokenizer
                                            .decode(java.util.Arrays.copyOf(
                                                    told.end().tokens(), fewer))
                                            .length()
                                    < told.end().text().length())
                    .isTrue();
        }
    }

    private static String cut(String text, List<String> stops) {
        for (int end = 1; end <= text.length(); end++) {
            String begun = text.substring(0, end);
            int longest = stops.stream()
                    .filter(begun::endsWith)
                    .mapToInt(String::length)
                    .max()
                    .orElse(0);
            if (longest > 0) {
                return text.substring(0, end - longest);
            }
        }
        return text;
    }

    @Test
    void halvesOfCharactersAreNoStopTexts() {
        assertThatThrownBy(() -> new Sampling(1, 0, 0, 1, 0, 1, List.of(), List.of("\uD83D"), 0))
                .hasMessageContaining("stopTexts");
    }
}
