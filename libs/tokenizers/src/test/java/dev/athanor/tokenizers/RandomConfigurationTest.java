package dev.athanor.tokenizers;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Random tokenizers on random texts: the reference and ours read the same tokenizer.json and give the same, errors included. */
class RandomConfigurationTest {

    private static final int CONFIGURATIONS = Integer.getInteger("configurations", 100);
    private static final int FIRST = Integer.getInteger("first", 0);
    private static final int TEXTS = 12;

    @Test
    void singleTextsPairsAndBatches() {
        List<String> differences = new ArrayList<>();
        for (int c = FIRST; c < FIRST + CONFIGURATIONS; c++) {
            String json = new RandomConfigurations(c).next();
            String difference = Comparison.of(json, c, TEXTS);
            if (!difference.isEmpty()) {
                differences.add("configuration " + c + ": " + difference + "\n    " + json);
            }
        }
        assertThat(differences)
                .as("%d of %d configurations", differences.size(), CONFIGURATIONS)
                .isEmpty();
    }
}
