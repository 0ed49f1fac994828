package dev.athanor.preprocessing.decontaminate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.athanor.contracts.artifact.ArtifactId;
import dev.athanor.contracts.spec.DecontaminationSpec;
import dev.athanor.preprocessing.Corpora;
import java.util.List;
import org.junit.jupiter.api.Test;

class BenchmarkIndexTest {

    private static final String QUESTION =
            "Which of the seven bridges over the cold northern river was built by prisoners after the second great flood?";

    @Test
    void thirteenWordsInARowAreFoundWhateverTheirCaseAndMarks() {
        BenchmarkIndex index = index(QUESTION);
        String thirteen = "OVER the cold, northern river was built -- by prisoners after the second great";
        assertThat(index.find("Before. " + thirteen + " after.")).containsExactly(new BenchmarkIndex.Found(0, 0, true));
        assertThat(index.find("over the cold northern river was built by prisoners after the second"))
                .as("twelve words, and only two thirds of the shorter n-grams")
                .isEmpty();
    }

    @Test
    void aChangedCopyIsFoundByItsShorterNgrams() {
        BenchmarkIndex index = index(QUESTION);
        String changed = QUESTION.replace("river", "stream");
        String before = Corpora.prose(500, 3);
        assertThat(index.find(before + " " + changed + " " + Corpora.prose(500, 4)))
                .containsExactly(new BenchmarkIndex.Found(0, 0, false));
        // The same words far apart are no copy.
        String torn = QUESTION.substring(0, 50) + before + QUESTION.substring(50);
        assertThat(index.find(torn)).isEmpty();
    }

    @Test
    void shortTextsMustBeThereWholeAndVeryShortOnesAreNotLookedFor() {
        BenchmarkIndex index = index("A truly dreadful film about brass buttons", "Very good");
        assertThat(index.find("He called it a truly dreadful film about brass buttons. Very good."))
                .containsExactly(new BenchmarkIndex.Found(0, 0, true));
        assertThat(index.find("A truly dreadful film about brass knuckles, very good"))
                .isEmpty();
        assertThat(index.texts(0)).isEqualTo(2);
    }

    private static BenchmarkIndex index(String... texts) {
        var defaults = DecontaminationSpec.DEFAULTS;
        var builder = new BenchmarkIndex.Builder(new DecontaminationSpec(
                List.of(new DecontaminationSpec.Benchmark("set", ArtifactId.ofSha256("0".repeat(64)))),
                defaults.ngram(),
                defaults.minWords(),
                defaults.fuzzyNgram(),
                defaults.fuzzyOverlap()));
        List.of(texts).forEach(text -> builder.add(0, text));
        return builder.build();
    }
}
