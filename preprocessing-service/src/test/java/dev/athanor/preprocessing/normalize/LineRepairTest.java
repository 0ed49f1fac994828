package dev.athanor.preprocessing.normalize;

import static org.assertj.core.api.Assertions.assertThat;

import dev.athanor.preprocessing.words.TermFinder;
import java.util.List;
import org.junit.jupiter.api.Test;

class LineRepairTest {

    @Test
    void linesOfAPageBecomeParagraphs() {
        String page = """
                A Study of Bridges

                The old bridge had stood for nearly four hundred years when the engi-
                neers came to measure it, and nobody in the village could remember a
                time without its five arches. They took a well-known method, slow but
                safe, and began.
                Another para\u00AD
                graph says that the method is well-
                known and that nothing else was tried in all that time by any of them.
                1. measure the arches
                2. count the stones
                """;
        assertThat(LineRepair.repair(page)).isEqualTo("""
                        A Study of Bridges

                        The old bridge had stood for nearly four hundred years when the engineers came to measure it, and nobody in the village could remember a time without its five arches. They took a well-known method, slow but safe, and began.
                        Another paragraph says that the method is well-known and that nothing else was tried in all that time by any of them.
                        1. measure the arches
                        2. count the stones""");
    }

    @Test
    void verseAndListsStay() {
        String verse =
                "Tyger Tyger, burning bright,\nIn the forests of the night;\nWhat immortal hand or eye,\nCould frame";
        assertThat(LineRepair.repair(verse)).isEqualTo(verse);
        assertThat(LineRepair.repair("one")).isEqualTo("one");
        assertThat(LineRepair.repair("")).isEmpty();
    }

    @Test
    void stopWordsGoButNotWithinTerms() {
        var terms = new TermFinder(List.of("The Who", "State of the Art"), false);
        assertThat(new StopWords("en", terms).remove("We don't think that The Who is the State of the Art of music."))
                .isEqualTo("don't think The Who State of the Art music.");
        assertThat(new StopWords("de", terms).remove("Das ist ein Haus\nund der Garten"))
                .isEqualTo("Haus\nGarten");
    }

    @Test
    void termsKeepTheirCase() {
        var terms = new TermFinder(List.of("NaCl", "IL-2", "New York"), false);
        var normalizer = new TextNormalizer(Normalization.LOWER_CASE, true, terms);
        assertThat(normalizer.normalize("The NaCl in NEW YORK, not New York; IL-2 and IL-20, NaClX. ﬁne"))
                .isEqualTo("the NaCl in new york, not New York; IL-2 and il-20, naclx. fine");
    }
}
