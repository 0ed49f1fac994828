package dev.athanor.contracts.document;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.athanor.contracts.error.AthanorException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class LabelledSplitsTest {

    private static LabelledExample example(int i, String label, Split split) {
        return new LabelledExample("e" + i, "text " + i, label, split);
    }

    @Test
    void missingPartsAreCutFromTrainingByClassAndTheSameForAnyOrder() {
        var examples = new ArrayList<>(IntStream.range(0, 300)
                .mapToObj(i -> example(i, i % 3 == 0 ? "rare" : "common", Split.TRAIN))
                .toList());
        LabelledSplits splits = LabelledSplits.of(examples);
        LabelledSplits again = LabelledSplits.of(examples.reversed());

        assertThat(splits.validation())
                .hasSize(30)
                .filteredOn(e -> e.label().equals("rare"))
                .hasSize(10);
        assertThat(splits.test())
                .hasSize(27)
                .filteredOn(e -> e.label().equals("rare"))
                .hasSize(9);
        assertThat(splits.train()).hasSize(243).doesNotContainAnyElementsOf(splits.validation());
        assertThat(splits.train()).doesNotContainAnyElementsOf(splits.test());
        assertThat(again.validation()).isEqualTo(splits.validation());
        assertThat(again.test()).isEqualTo(splits.test());
        assertThat(splits.labels()).containsExactly("common", "rare");
        assertThat(splits.classes(splits.validation())).contains(0, 1).hasSize(30);
    }

    @Test
    void givenPartsStayAsTheyAre() {
        var train = List.of(example(0, "a", Split.TRAIN), example(1, "b", Split.TRAIN));
        var validation = List.of(example(2, "a", Split.VALIDATION));
        var test = List.of(example(3, "b", Split.TEST));
        var all = new ArrayList<>(train);
        all.addAll(validation);
        all.addAll(test);
        assertThat(LabelledSplits.of(all)).isEqualTo(new LabelledSplits(List.of("a", "b"), train, validation, test));
    }

    @Test
    void oneClassOrAnUnknownOneIsRefusedByName() {
        assertThatThrownBy(() -> LabelledSplits.of(List.of(example(0, "a", Split.TRAIN))))
                .isInstanceOf(AthanorException.class)
                .hasMessageContaining("at least 2 classes")
                .hasMessageContaining("[a]");
        assertThatThrownBy(() -> LabelledSplits.of(List.of(
                        example(0, "a", Split.TRAIN), example(1, "b", Split.TRAIN), example(2, "c", Split.TEST))))
                .hasMessageContaining("'c' (example 'e2')");
    }
}
