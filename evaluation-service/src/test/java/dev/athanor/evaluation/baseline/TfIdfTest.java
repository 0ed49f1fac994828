package dev.athanor.evaluation.baseline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.junit.jupiter.api.Test;

class TfIdfTest {

    @Test
    void wordsAreLettersAndDigitsWithAnApostropheInside() {
        assertThat(Words.of("It ISN'T 9/10 — naïve, a\tFilm…"))
                .containsExactly("it", "isn't", "9", "10", "naïve", "a", "film");
    }

    @Test
    void weightsWorkedOutByHand() {
        TfIdf features = TfIdf.fit(List.of("good good film", "bad film"));
        // good, film, "good good", "good film", bad, "bad film" in order of first appearance
        assertThat(features.features()).isEqualTo(6);
        SparseMatrix rows = features.transform(List.of("good good film", "unseen words"));

        double once = 1 + Math.log(3 / 2.0);
        double[] raw = {(1 + Math.log(2)) * once, 1, once, once};
        double norm = Math.sqrt(raw[0] * raw[0] + 1 + 2 * once * once);
        assertThat(rows.column()).containsExactly(0, 1, 2, 3);
        for (int i = 0; i < raw.length; i++) {
            assertThat((double) rows.value()[i]).isCloseTo(raw[i] / norm, within(1e-6));
        }
        assertThat(rows.start()).as("a text of unseen words is an empty row").containsExactly(0, 4, 4);
    }
}
