package dev.athanor.lm.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.athanor.lm.data.MaskedWindows.SentencePairs;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class MaskedWindowsTest {

    private static final int MASK = 4;
    private static final int VOCABULARY = 100_000;
    /** Token i of the stream is 10 + i: ids tell where they are from. */
    private static final TokenStream COUNTING =
            TokenStream.of(IntStream.range(10, 60_010).toArray());

    private static Masking masking(boolean[] continuesWord) {
        return new Masking(MASK, 0.15, continuesWord, 10, VOCABULARY);
    }

    @Test
    void whatIsHiddenIsTheTarget() {
        var windows = new MaskedWindows(COUNTING, 64, masking(null), null, 1);
        int hidden = 0;
        int replaced = 0;
        int same = 0;
        int all = 0;
        for (long step = 0; step < 50; step++) {
            TokenBatch batch = windows.shuffled(step, 4);
            for (int i = 0; i < batch.inputs_BT().length; i++) {
                all++;
                long target = batch.targets_BT()[i];
                long input = batch.inputs_BT()[i];
                if (target == TokenBatch.IGNORED) {
                    assertThat(input).isGreaterThanOrEqualTo(10);
                    continue;
                }
                hidden++;
                replaced += input == MASK ? 1 : 0;
                same += input == target ? 1 : 0;
            }
            assertThat(batch.targets()).isPositive();
        }
        assertThat((double) hidden / all).isCloseTo(0.15, within(0.015));
        assertThat((double) replaced / hidden).isCloseTo(0.8, within(0.03));
        assertThat((double) same / hidden).isCloseTo(0.1, within(0.025));
    }

    @Test
    void wholeWordsAreHiddenTogether() {
        var continues = new boolean[VOCABULARY];
        for (int id = 10; id < VOCABULARY; id++) {
            continues[id] = id % 3 != 1;
        }
        // Ids 10, 11, 12 are a word, 13, 14, 15 the next: windows of 60 begin with a word.
        var windows = new MaskedWindows(COUNTING, 60, masking(continues), null, 1);
        for (long step = 0; step < 20; step++) {
            TokenBatch batch = windows.shuffled(step, 4);
            for (int word = 0; word < batch.inputs_BT().length; word += 3) {
                long[] targets = Arrays.copyOfRange(batch.targets_BT(), word, word + 3);
                long ignored = Arrays.stream(targets)
                        .filter(t -> t == TokenBatch.IGNORED)
                        .count();
                assertThat(ignored).isIn(0L, 3L);
            }
        }
    }

    @Test
    void sentencePairsAreFramedAndHalfOfThemFollow() {
        var windows = new MaskedWindows(COUNTING, 33, masking(null), new SentencePairs(1, 2), 3);
        int following = 0;
        for (long step = 0; step < 100; step++) {
            TokenBatch batch = windows.shuffled(step, 4);
            for (int row = 0; row < 4; row++) {
                int at = row * 33;
                assertThat(batch.inputs_BT()[at]).isEqualTo(1);
                assertThat(batch.inputs_BT()[at + 16]).isEqualTo(2);
                assertThat(batch.inputs_BT()[at + 32]).isEqualTo(2);
                assertThat(batch.targets_BT()[at + 16]).isEqualTo(TokenBatch.IGNORED);
                assertThat(Arrays.copyOfRange(batch.segments_BT(), at, at + 17)).containsOnly(0);
                assertThat(Arrays.copyOfRange(batch.segments_BT(), at + 17, at + 33))
                        .containsOnly(1);
                boolean follows = original(batch, at + 17) == original(batch, at + 15) + 1;
                assertThat(batch.nextSentence_B()[row]).isEqualTo(follows ? 0 : 1);
                following += follows ? 1 : 0;
            }
        }
        assertThat(following).isBetween(150, 250);
    }

    private static long original(TokenBatch batch, int i) {
        return batch.targets_BT()[i] == TokenBatch.IGNORED ? batch.inputs_BT()[i] : batch.targets_BT()[i];
    }

    @Test
    void rowsFollowFromSeedAndStep() {
        TokenBatch one = new MaskedWindows(COUNTING, 64, masking(null), null, 1).shuffled(7, 4);
        assertThat(new MaskedWindows(COUNTING, 64, masking(null), null, 1)
                        .shuffled(7, 4)
                        .inputs_BT())
                .isEqualTo(one.inputs_BT());
        assertThat(new MaskedWindows(COUNTING, 64, masking(null), null, 2)
                        .shuffled(7, 4)
                        .inputs_BT())
                .isNotEqualTo(one.inputs_BT());
    }

    @Test
    void badSettingsAreNamed() {
        assertThatThrownBy(() -> new Masking(100, 0.15, null, 0, 100)).hasMessageContaining("maskId is 100");
        assertThatThrownBy(() -> new Masking(1, 0, null, 0, 100)).hasMessageContaining("rate is 0.0");
        assertThatThrownBy(() -> new Masking(1, 0.1, new boolean[3], 0, 100))
                .hasMessageContaining("continuesWord is 3");
        assertThatThrownBy(() -> new MaskedWindows(TokenStream.of(new int[9]), 8, masking(null), null, 1))
                .hasMessageContaining("two rows of 8");
    }
}
