package dev.athanor.finetune.classifier;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LengthBucketsTest {

    @ParameterizedTest
    @CsvSource({"1, 1", "1, 32", "33, 32", "1000, 7", "5000, 32"})
    void everyExampleOnceAnEpochAndTheSameAgain(int examples, int batchSize) {
        int[] lengths = new Random(3).ints(examples, 1, 100).toArray();
        var buckets = new LengthBuckets(lengths, batchSize, 42);
        for (int epoch = 0; epoch < 3; epoch++) {
            int[][] batches = buckets.epoch(epoch);
            assertThat(batches.length).isEqualTo(buckets.batches());
            assertThat(Arrays.stream(batches)).allMatch(b -> b.length >= 1 && b.length <= batchSize);
            assertThat(Arrays.stream(batches)
                            .flatMapToInt(Arrays::stream)
                            .sorted()
                            .toArray())
                    .isEqualTo(java.util.stream.IntStream.range(0, examples).toArray());
            assertThat(Arrays.deepEquals(new LengthBuckets(lengths, batchSize, 42).epoch(epoch), batches))
                    .isTrue();
        }
        if (examples > 100) {
            assertThat(Arrays.deepEquals(buckets.epoch(0), buckets.epoch(1))).isFalse();
            assertThat(Arrays.deepEquals(buckets.epoch(0), new LengthBuckets(lengths, batchSize, 43).epoch(0)))
                    .isFalse();
        }
    }

    @ParameterizedTest
    @CsvSource({"5000, 32"})
    void littleIsPadded(int examples, int batchSize) {
        int[] lengths = new Random(3).ints(examples, 1, 100).toArray();
        long padded = 0;
        for (int[] batch : new LengthBuckets(lengths, batchSize, 42).epoch(0)) {
            padded += (long) batch.length
                    * Arrays.stream(batch).map(e -> lengths[e]).max().orElseThrow();
        }
        long tokens = Arrays.stream(lengths).asLongStream().sum();
        // In random batches the longest of 32 is near 97: 1.9 times the mean.
        assertThat(padded).isLessThan(tokens * 11 / 10);
    }
}
