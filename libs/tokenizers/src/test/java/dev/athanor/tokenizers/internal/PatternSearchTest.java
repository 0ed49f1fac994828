package dev.athanor.tokenizers.internal;

import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import dev.athanor.tokenizers.AlignedText;
import dev.athanor.tokenizers.TextPattern;
import dev.athanor.tokenizers.UnencodableTextException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Expressions come out of files, and may be made to take forever. */
class PatternSearchTest {

    @ParameterizedTest
    @ValueSource(strings = {"(a+)+$", "(a|aa)*b", "(.*)*c", "(?:a?){40}a{40}", "(x+x+)+y|(a+a+)+b", "(a+)+\\1?c"})
    void backtrackingIsBounded(String expression) {
        AlignedText text = AlignedText.of("a".repeat(5000) + "!" + "x".repeat(5000));
        TextPattern pattern = TextPattern.regex(expression);
        assertTimeoutPreemptively(ofSeconds(60), () -> {
            try {
                pattern.find(text);
            } catch (IllegalStateException bounded) {
                assertThat(bounded).hasMessageContaining("pattern.Regex").hasMessageContaining("10001 characters");
            }
        });
    }

    @Test
    void theErrorSaysWhatIsExpected() {
        AlignedText text = AlignedText.of("a".repeat(40) + "!");
        assertThatThrownBy(() -> TextPattern.regex("(a+)+\\1?c").find(text))
                .isInstanceOf(UnencodableTextException.class)
                .hasMessageContaining("pattern.Regex")
                .hasMessageContaining("(a+)+\\1?c")
                .hasMessageContaining("41 characters")
                .hasMessageContaining("at most 1000");
    }

    /** A group over and over takes a frame of the stack each time. */
    @Test
    void longMatchesOfGroupsAreFound() {
        AlignedText text = AlignedText.of("ab".repeat(100_000) + " ");
        assertThat(TextPattern.regex("(?:a|b)+").find(text)).containsExactly(new TextPattern.Match(0, 200_000));
    }

    @Test
    void hugeExpressionsAreRefused() {
        assertThatThrownBy(() -> TextPattern.regex("a".repeat(1 << 17)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("131072 characters");
        assertThatThrownBy(() -> TextPattern.regex("(".repeat(60_000)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("pattern.Regex");
        assertThatThrownBy(() -> TextPattern.regex("[a"))
                .hasMessageContaining("pattern.Regex")
                .hasMessageContaining("'[a'")
                .hasMessageContaining("expected an expression of Oniguruma's Ruby syntax");
    }
}
