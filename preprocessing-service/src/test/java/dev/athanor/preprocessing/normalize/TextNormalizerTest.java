package dev.athanor.preprocessing.normalize;

import static org.assertj.core.api.Assertions.assertThat;

import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

class TextNormalizerTest {

    @Test
    void standardComposesAndTidiesWhiteSpace() {
        var standard = new TextNormalizer(Normalization.STANDARD);
        assertThat(standard.normalize("\ufeff  cafe\u0301\u00a0 au\tlait \r\n\r\n\r\n\r\nnext\u2028line\u200b end \n"))
                .isEqualTo("café au lait\n\nnext\nline end");
        assertThat(standard.normalize("“so” — he said…")).isEqualTo("“so” — he said…");
        assertThat(standard.normalize("half\ud800 pair, soft\u00adhyphen, a\u0000b"))
                .isEqualTo("half pair, softhyphen, ab");
        assertThat(standard.normalize("👩\u200d🚀 and نمی\u200cخواهم")).isEqualTo("👩\u200d🚀 and نمی\u200cخواهم");
    }

    @Test
    void plainAndLowerCaseGoFurther() {
        assertThat(new TextNormalizer(Normalization.PLAIN).normalize("“So” — ‘he’ said…"))
                .isEqualTo("\"So\" -- 'he' said...");
        assertThat(new TextNormalizer(Normalization.LOWER_CASE).normalize("ÄRGER “I”"))
                .isEqualTo("ärger \"i\"");
        assertThat(new TextNormalizer(Normalization.NONE).normalize(" a\u0000 "))
                .isEqualTo(" a\u0000 ");
    }

    @Property(tries = 2000)
    void theQuickCheckPassesOnlyWhatStaysAsItIs(@ForAll("nearlyNormal") String text, @ForAll Normalization level) {
        var normalizer = new TextNormalizer(level);
        String expected = level == Normalization.NONE ? text : normalizer.tidy(text);
        assertThat(normalizer.normalize(text)).isEqualTo(expected);
    }

    @Provide
    Arbitrary<String> nearlyNormal() {
        return Arbitraries.of(
                        "a", "B", " ", " ", "\n", "é", "“", "…", "—", "\u00a0", "\u00ad", "\u2028", "\u202f", "\u0301",
                        "\t")
                .list()
                .ofMaxSize(8)
                .map(parts -> String.join("", parts));
    }

    @Property(tries = 1000)
    void normalizingTwiceChangesNothingMore(@ForAll String text, @ForAll Normalization level) {
        var normalizer = new TextNormalizer(level);
        String once = normalizer.normalize(text);
        assertThat(normalizer.normalize(once)).isEqualTo(once);
    }
}
