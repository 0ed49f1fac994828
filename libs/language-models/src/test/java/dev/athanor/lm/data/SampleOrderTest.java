package dev.athanor.lm.data;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.LongStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class SampleOrderTest {

    @Property(tries = 200)
    void everyEpochHasEverySampleOnce(
            @ForAll @IntRange(min = 1, max = 3000) int size, @ForAll long seed, @ForAll @IntRange(max = 50) int epoch) {
        var order = new SampleOrder(size, seed);
        assertThat(LongStream.range(0, size).map(i -> order.at(epoch, i)).sorted())
                .containsExactlyElementsOf(LongStream.range(0, size).boxed().toList());
    }

    @Test
    void epochsAndSeedsDiffer() {
        long[] first = LongStream.range(0, 100)
                .map(i -> new SampleOrder(100, 1).at(0, i))
                .toArray();
        assertThat(LongStream.range(0, 100).map(i -> new SampleOrder(100, 1).at(1, i)))
                .isNotEqualTo(LongStream.of(first).boxed().toList());
        assertThat(LongStream.range(0, 100).map(i -> new SampleOrder(100, 2).at(0, i)))
                .isNotEqualTo(LongStream.of(first).boxed().toList());
    }

    /** A change here would break the resuming of runs begun before it. */
    @Test
    void theOrderIsPinned() {
        var order = new SampleOrder(10, 42);
        assertThat(LongStream.range(0, 10).map(i -> order.at(3, i)))
                .containsExactly(0L, 3L, 4L, 1L, 8L, 9L, 2L, 7L, 6L, 5L);
    }

    @Test
    void neighboursAreSpreadApart() {
        var order = new SampleOrder(1_000_000, 7);
        double meanDistance = LongStream.range(0, 10_000)
                .map(i -> Math.abs(order.at(0, i + 1) - order.at(0, i)))
                .average()
                .orElseThrow();
        // Two independent uniform values of [0, n) are n/3 apart on average.
        assertThat(meanDistance).isBetween(320_000.0, 347_000.0);
    }
}
