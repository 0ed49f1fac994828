package dev.athanor.preprocessing.filter;

import static dev.athanor.preprocessing.Corpora.prose;
import static dev.athanor.preprocessing.filter.FilterTesting.verdict;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.athanor.contracts.error.AthanorException;
import dev.athanor.preprocessing.language.EnglishDialect;
import dev.athanor.preprocessing.language.Scripts;
import java.util.List;
import org.junit.jupiter.api.Test;

class ContentFiltersTest {

    @Test
    void spam() {
        var filter = new SpamFilter(SpamFilter.Limits.DEFAULTS);
        assertThat(verdict(filter, prose(200, 1))).isEqualTo("kept");
        assertThat(verdict(filter, prose(40, 1) + " Click here for a LIMITED TIME OFFER with free shipping."))
                .isEqualTo("spam-phrases");
        assertThat(verdict(filter, prose(40, 1) + " http://a.example/x https://b.example/ https://c.example/"))
                .isEqualTo("spam-links");
        assertThat(verdict(filter, prose(60, 1) + " shoes for sale".repeat(30))).isEqualTo("spam-keywords");
        assertThat(verdict(filter, prose(30, 1) + " " + prose(60, 2).toUpperCase(java.util.Locale.ROOT)))
                .isEqualTo("spam-capitals");
        assertThat(verdict(filter, prose(30, 1) + "!!!!!")).isEqualTo("spam-exclamations");
        assertThat(verdict(filter, "BUY NOW!!!")).as("too short to judge").isEqualTo("kept");
    }

    @Test
    void wordListsCountWholeWordsAndTakeThoseOfTheUser() {
        var limits = WordListFilter.Limits.DEFAULTS;
        var toxicity = new WordListFilter("toxicity", limits);
        assertThat(verdict(toxicity, "What an idiot! Morons, all of them; a BASTARD."))
                .isEqualTo("toxicity");
        assertThat(verdict(toxicity, "Idiotic, the bastardy of Scunthorpe's moronic, shiitake idioms."))
                .isEqualTo("kept");
        assertThat(verdict(toxicity, prose(2000, 1) + " idiot moron bastard"))
                .as("a small share")
                .isEqualTo("kept");
        assertThat(verdict(new WordListFilter("adult", limits), "porn and porno: hardcore sex"))
                .isEqualTo("adult");
        var own = new WordListFilter("adult", new WordListFilter.Limits(false, List.of("blue ship"), 1, 0));
        assertThat(verdict(own, "The Blue Ship sails")).isEqualTo("adult");
        assertThat(verdict(own, "porn porn porn")).isEqualTo("kept");
    }

    @Test
    void scripts() {
        assertThat(Scripts.of("Der Fluss und река")).isEqualTo("Latn");
        assertThat(Scripts.of("Это река, river")).isEqualTo("Cyrl");
        assertThat(Scripts.of("これは川です")).isEqualTo("Hira");
        assertThat(Scripts.of("\uD83D\uDE00 123")).isEqualTo("Zyyy");
        var filter = new ScriptFilter(new ScriptFilter.Limits(List.of("Latn", "Grek")));
        assertThat(verdict(filter, "Ένα ποτάμι")).isEqualTo("kept");
        assertThat(verdict(filter, "Это река")).isEqualTo("script_not_allowed");
        assertThatThrownBy(() -> new ScriptFilter.Limits(List.of("latin")))
                .isInstanceOf(AthanorException.class)
                .hasMessageContaining("allowed[0]");
    }

    @Test
    void dialects() {
        assertThat(EnglishDialect.of("The colour of the theatre was her favourite."))
                .isEqualTo("en-GB");
        assertThat(EnglishDialect.of("The color of the theater was her favorite."))
                .isEqualTo("en-US");
        assertThat(EnglishDialect.of("The colour of the theater.")).isNull();
        assertThat(EnglishDialect.of("While the story was told, the check came."))
                .isNull();
        var filter = new DialectFilter(new DialectFilter.Limits(List.of("en-GB")));
        assertThat(verdict(filter, "The color of the theater")).isEqualTo("dialect_not_allowed");
        assertThat(verdict(filter, "No sign of either")).isEqualTo("kept");
    }
}
