package dev.athanor.preprocessing.filter;

import static dev.athanor.preprocessing.filter.FilterTesting.spec;
import static dev.athanor.preprocessing.filter.FilterTesting.verdict;
import static org.assertj.core.api.Assertions.assertThat;

import dev.athanor.contracts.json.Json;
import dev.athanor.contracts.spec.CleanSpec;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class FiltersTest {

    private static final String PROSE =
            "The river was high that spring, and the people of the village had to move their boats. "
                    + "Nobody could remember a flood like it, but the old men said that they have seen worse. "
                    + "Every morning the miller walked to the bridge with a stick and measured the water with it again.";

    @Test
    void length() {
        var filter = new LengthFilter(new LengthFilter.Limits(5, 20, 2));
        assertThat(verdict(filter, "abc")).isEqualTo("too-short");
        assertThat(verdict(filter, "abcdef")).isEqualTo("too-few-words");
        assertThat(verdict(filter, "abcdef ghi")).isEqualTo("kept");
        assertThat(verdict(filter, "abcdef ghi jkl mno pqr")).isEqualTo("too-long");
        assertThat(verdict(filter, "😀😀 😀")).as("counts code points").isEqualTo("too-short");
    }

    @Test
    void gopherQuality() {
        var filter = new GopherQualityFilter(GopherQualityFilter.Limits.DEFAULTS);
        assertThat(verdict(filter, PROSE)).isEqualTo("kept");
        assertThat(verdict(filter, "Too short.")).isEqualTo("gopher_short_doc");
        assertThat(verdict(filter, "a b ".repeat(60))).isEqualTo("gopher_below_avg_threshold");
        assertThat(verdict(filter, "incomprehensible ".repeat(60))).isEqualTo("gopher_above_avg_threshold");
        assertThat(verdict(filter, "word # ".repeat(60))).isEqualTo("gopher_too_many_hashes");
        assertThat(verdict(filter, "word ... ".repeat(60))).isEqualTo("gopher_too_many_ellipsis");
        assertThat(verdict(filter, "- some bullet line\n".repeat(30))).isEqualTo("gopher_too_many_bullets");
        assertThat(verdict(filter, "some line that ends with it to be read on later ...\n".repeat(12)))
                .isEqualTo("gopher_too_many_end_ellipsis");
        assertThat(verdict(filter, "word 1234 5678 ".repeat(60))).isEqualTo("gopher_below_alpha_threshold");
        assertThat(verdict(filter, "keine englischen Wörter hier drin ".repeat(20)))
                .isEqualTo("gopher_enough_stop_words");
    }

    @Test
    void gopherRepetition() {
        var filter = new GopherRepetitionFilter(GopherRepetitionFilter.Limits.DEFAULTS);
        assertThat(verdict(filter, PROSE)).isEqualTo("kept");
        assertThat(verdict(filter, "One line.\n".repeat(3) + "Another one.")).isEqualTo("dup_line_frac");
        assertThat(verdict(filter, "One.\n\n".repeat(3) + PROSE)).isEqualTo("dup_para_frac");
        assertThat(verdict(filter, "no and ".repeat(30) + "then it stopped, as all of it had to"))
                .isEqualTo("top_2_gram");
        assertThat(verdict(filter, PROSE + " And again: " + PROSE)).isEqualTo("duplicated_5_n_grams");
    }

    @Test
    void c4() {
        var filter = new C4QualityFilter(C4QualityFilter.Limits.DEFAULTS);
        String five = "One is here. Two is here. Three is here. Four is here. Five is here.";
        assertThat(verdict(filter, five)).isEqualTo("kept");
        assertThat(verdict(
                        filter,
                        five + "\nno full stop\nPlease enable JavaScript now.\nRead our privacy policy now.\nToo few."))
                .isEqualTo("rewritten: " + five);
        assertThat(verdict(filter, five.replace("Two", "Two [12] [edit]"))).startsWith("rewritten: One is here. Two  ");
        assertThat(verdict(filter, "One is here. Two is here.")).isEqualTo("too_few_sentences");
        assertThat(verdict(filter, five + "\nfunction() { return it. }.")).isEqualTo("curly_bracket");
        assertThat(verdict(filter, five + "\nLorem ipsum dolor sit amet.")).isEqualTo("lorem_ipsum");
        var paragraphs = new C4ParagraphFilter(C4ParagraphFilter.Limits.DEFAULTS);
        assertThat(verdict(paragraphs, (PROSE + "\n").repeat(3))).isEqualTo("kept");
        assertThat(verdict(paragraphs, (PROSE + "\n").repeat(2) + "short")).isEqualTo("too_few_paragraphs");
    }

    @Test
    void fineWeb() {
        var filter = new FineWebQualityFilter(FineWebQualityFilter.Limits.DEFAULTS);
        assertThat(verdict(filter, PROSE.replace(". ", ".\n"))).isEqualTo("kept");
        assertThat(verdict(filter, "no stop at the end of this long enough line\n".repeat(4)))
                .isEqualTo("line_punct_ratio");
        assertThat(verdict(filter, "Short.\nBrief.\nTiny.\nSmall.")).isEqualTo("short_line_ratio");
        assertThat(verdict(filter, PROSE + "\n" + PROSE)).isEqualTo("char_dup_ratio");
        assertThat(verdict(filter, "Antidisestablishmentarianism or so.\n\n\n\nIncomprehensibilitiesnesses of them."))
                .isEqualTo("list_ratio");
        assertThat(verdict(filter, " \n ")).isEqualTo("empty");
    }

    @Test
    void profilesSayWhichRunAndLimitsChangeThem() {
        assertThat(Filters.of(CleanSpec.DEFAULTS))
                .extracting(Filters.Named::name)
                .containsExactly("length", "gopher-quality");
        // All but the one that needs a trained model.
        List<String> names =
                Filters.names().stream().filter(n -> !n.equals("classifier")).toList();
        assertThat(Filters.of(spec("none", names, Json.tree(Map.of()))))
                .extracting(Filters.Named::name)
                .isEqualTo(names);
        Filter gentle = Filters.of(spec(
                        "web",
                        List.of("gopher-quality"),
                        Json.tree(Map.of("gopher-quality", Map.of("minWords", 2, "minStopWords", 0)))))
                .getFirst()
                .filter();
        assertThat(verdict(gentle, "Far too short a text.")).isEqualTo("kept");
    }
}
