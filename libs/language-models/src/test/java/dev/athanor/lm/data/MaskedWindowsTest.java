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

    private static Masking masking(Masking.WordBeginnings words) {
        var special = new boolean[VOCABULARY];
        Arrays.fill(special, 0, 10, true);
        return new Masking(MASK, 0.15, words, special);
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
        Masking.WordBeginnings words = (ids, from, length, begins) -> {
            for (int i = from; i < from + length; i++) {
                begins[i] = ids[i] % 3 == 1;
            }
        };
        // Ids 10, 11, 12 are a word, 13, 14, 15 the next: windows of 60 begin with a word.
        var windows = new MaskedWindows(COUNTING, 60, masking(words), null, 1);
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

    /** Wherever special tokens lie in the vocabulary and in the rows. */
    @Test
    void specialTokensAreNeitherHiddenNorReplacements() {
        int size = 40;
        var special = new boolean[size];
        special[0] = special[17] = special[39] = true;
        int mask = 38;
        int[] ids =
                IntStream.range(0, 20_000).map(i -> i % 5 == 4 ? 17 : i % 37).toArray();
        for (boolean wholeWords : new boolean[] {false, true}) {
            Masking.WordBeginnings words =
                    (row, from, length, begins) -> Arrays.fill(begins, from, from + length, false);
            var masking = new Masking(mask, 0.5, wholeWords ? words : null, special);
            var windows = new MaskedWindows(TokenStream.of(ids), 50, masking, null, 1);
            var replacements = new java.util.TreeSet<Long>();
            for (long step = 0; step < 60; step++) {
                TokenBatch batch = windows.shuffled(step, 8);
                for (int i = 0; i < batch.inputs_BT().length; i++) {
                    long target = batch.targets_BT()[i];
                    long input = batch.inputs_BT()[i];
                    assertThat(target == 0 || target == 17).isFalse();
                    if (target != TokenBatch.IGNORED && input != target) {
                        replacements.add(input);
                    }
                }
            }
            assertThat(replacements)
                    .doesNotContain(0L, 17L, 39L)
                    .contains((long) mask)
                    .hasSize(37);
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
        assertThatThrownBy(() -> Masking.ofTokens(100, 0.15, 0, 100)).hasMessageContaining("maskId is 100");
        assertThatThrownBy(() -> Masking.ofTokens(1, 0, 0, 100)).hasMessageContaining("rate is 0.0");
        assertThatThrownBy(() -> Masking.ofTokens(1, 0.1, 100, 100)).hasMessageContaining("other tokens too");
        assertThatThrownBy(() -> new MaskedWindows(TokenStream.of(new int[9]), 8, masking(null), null, 1))
                .hasMessageContaining("two rows of 8");
    }
}
