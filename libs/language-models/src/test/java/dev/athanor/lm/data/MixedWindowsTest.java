package dev.athanor.lm.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class MixedWindowsTest {

    /** Tokens that tell stream and position. */
    private static TokenStream stream(int number, int size) {
        return TokenStream.of(
                IntStream.range(0, size).map(i -> number * 100_000 + i).toArray());
    }

    private static MixedWindows mixture(long seed) {
        return new MixedWindows(List.of(stream(0, 401), stream(1, 2001)), new double[] {3, 1}, 4, seed, false);
    }

    @Test
    void everyBlockHoldsTheShares() {
        MixedWindows mixture = mixture(7);
        for (long block : new long[] {0, 1, 12_345_678}) {
            long first = IntStream.range(0, MixedWindows.BLOCK)
                    .filter(i -> mixture.place(block * MixedWindows.BLOCK + i).stream() == 0)
                    .count();
            assertThat(first).isEqualTo(MixedWindows.BLOCK * 3 / 4);
        }
    }

    @Test
    void noWindowComesAgainBeforeAllOthersOfItsStreamHaveCome() {
        MixedWindows mixture = mixture(7);
        List<List<Long>> drawn = List.of(new ArrayList<>(), new ArrayList<>());
        for (int block = 0; block < 2; block++) {
            var ofBlock = new ArrayList<MixedWindows.Place>();
            for (int i = 0; i < MixedWindows.BLOCK; i++) {
                ofBlock.add(mixture.place((long) block * MixedWindows.BLOCK + i));
            }
            ofBlock.forEach(place -> drawn.get(place.stream()).add(place.window()));
        }
        // 100 windows, 3072 draws a block; 500 windows, 1024 draws a block: each comes as often as any other, to one.
        for (int stream = 0; stream < 2; stream++) {
            var counts = new java.util.TreeMap<Long, Integer>();
            drawn.get(stream).forEach(window -> counts.merge(window, 1, Integer::sum));
            assertThat(counts).hasSize(stream == 0 ? 100 : 500);
            int least = counts.values().stream().min(Integer::compare).orElseThrow();
            assertThat(counts.values()).allMatch(count -> count - least <= 1);
        }
        assertThat(new HashSet<>(drawn.getFirst().subList(0, 50))).hasSizeGreaterThan(30);
    }

    @Test
    void aBatchIsAPureFunctionOfItsStep() {
        TokenBatch some = mixture(7).shuffled(1000, 6);
        assertThat(mixture(7).shuffled(1000, 6).inputs_BT()).isEqualTo(some.inputs_BT());
        assertThat(mixture(8).shuffled(1000, 6).inputs_BT()).isNotEqualTo(some.inputs_BT());
        // Any cut of the samples into batches gives the same rows.
        TokenBatch half = mixture(7).shuffled(2000, 3);
        assertThat(half.inputs_BT()).isEqualTo(Arrays.copyOf(some.inputs_BT(), 12));
        for (int row = 0; row < 6; row++) {
            assertThat(some.targets_BT()[row * 4]).isEqualTo(some.inputs_BT()[row * 4 + 1]);
            assertThat(some.inputs_BT()[row * 4] % 100_000 % 4).isZero();
        }
    }

    @Property(tries = 200)
    void quotasFillTheBlock(
            @ForAll @Size(min = 1, max = 8) List<@DoubleRange(min = 0.01, max = 10_000) Double> weights) {
        double[] shares = weights.stream().mapToDouble(d -> d).toArray();
        double sum = Arrays.stream(shares).sum();
        int[] quotas = MixedWindows.quotas(shares);
        assertThat(Arrays.stream(quotas).sum()).isEqualTo(MixedWindows.BLOCK);
        for (int i = 0; i < quotas.length; i++) {
            assertThat(quotas[i]).isPositive();
            assertThat((double) quotas[i])
                    .isCloseTo(shares[i] / sum * MixedWindows.BLOCK, org.assertj.core.data.Offset.offset(8.0));
        }
    }

    @Test
    void aWeightOfNothingIsRefused() {
        assertThatThrownBy(() -> MixedWindows.quotas(new double[] {1, 0}))
                .hasMessageContaining("weight 1 is 0.0")
                .hasMessageContaining("above 0");
        assertThatThrownBy(() -> new MixedWindows(List.of(stream(0, 9)), new double[] {1, 2}, 4, 1, false))
                .hasMessageContaining("1 streams and 2 weights");
    }
}
