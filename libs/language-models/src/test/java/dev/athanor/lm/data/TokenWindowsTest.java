package dev.athanor.lm.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class TokenWindowsTest {

    private static final TokenStream COUNTING =
            TokenStream.of(IntStream.range(0, 103).toArray());

    @Test
    void targetsFollowInputs() {
        TokenBatch batch = new TokenWindows(COUNTING, 10, 5).shuffled(3, 4);
        for (int i = 0; i < batch.inputs_BT().length; i++) {
            assertThat(batch.targets_BT()[i]).isEqualTo(batch.inputs_BT()[i] + 1);
        }
    }

    @Test
    void anEpochOfStepsHasEveryTokenOnceAsTarget() {
        var windows = new TokenWindows(COUNTING, 10, 5);
        assertThat(windows.count()).isEqualTo(10);
        List<Long> targets = new ArrayList<>();
        for (long step = 0; step < 5; step++) {
            LongStream.of(windows.shuffled(step, 2).targets_BT()).forEach(targets::add);
        }
        assertThat(targets.stream().sorted())
                .containsExactlyElementsOf(
                        LongStream.rangeClosed(1, 100).boxed().toList());
    }

    @Test
    void inOrderEndsWithWhatIsLeft() {
        TokenBatch batch = new TokenWindows(COUNTING, 10, 5).inOrder(8, 4);
        assertThat(batch.rows()).isEqualTo(2);
        assertThat(batch.inputs_BT()[0]).isEqualTo(80);
    }

    @Test
    void aTooShortCorpusIsRefused() {
        assertThatThrownBy(() -> new TokenWindows(COUNTING, 103, 0))
                .hasMessageContaining("(103)")
                .hasMessageContaining("one window of 103");
    }
}
