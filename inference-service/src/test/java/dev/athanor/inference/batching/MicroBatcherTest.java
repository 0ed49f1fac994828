package dev.athanor.inference.batching;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.athanor.contracts.error.AthanorException;
import dev.athanor.contracts.error.ErrorCode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class MicroBatcherTest {

    private static final Duration NO_DELAY = Duration.ZERO;
    private static final long SOON = TimeUnit.SECONDS.toNanos(60);

    /** Each sequence's answer tells its own sum and length, so a mix-up shows. */
    private static float[][] sums(int[][] sequences) {
        return Arrays.stream(sequences)
                .map(s -> new float[] {Arrays.stream(s).sum(), s.length})
                .toArray(float[][]::new);
    }

    private static long soon() {
        return System.nanoTime() + SOON;
    }

    /** A model that keeps every batch it sees, and computes none before it is let go. */
    private static final class Gate implements MicroBatcher.Model {
        final CountDownLatch entered = new CountDownLatch(1);
        final CountDownLatch open = new CountDownLatch(1);
        final ConcurrentLinkedQueue<int[][]> batches = new ConcurrentLinkedQueue<>();

        @Override
        public float[][] predict(int[][] sequences) {
            batches.add(sequences);
            entered.countDown();
            try {
                open.await();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
            return sums(sequences);
        }
    }

    @Test
    void everyCallerGetsItsOwnAnswersAndBatchesKeepTheirBounds() throws Exception {
        var limits = new BatchLimits(16, 200, Duration.ofMillis(1), 1 << 16);
        var broken = new ConcurrentLinkedQueue<String>();
        MicroBatcher.Model model = sequences -> {
            int longest = Arrays.stream(sequences).mapToInt(s -> s.length).max().orElseThrow();
            if (sequences.length > 16 || sequences.length > 1 && longest * sequences.length > 200) {
                broken.add(sequences.length + " sequences of up to " + longest + " tokens");
            }
            return sums(sequences);
        };
        try (var batcher = new MicroBatcher("test", model, limits, BatchListener.NONE);
                var callers = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<?>> done = new ArrayList<>();
            for (int caller = 0; caller < 200; caller++) {
                var random = new Random(caller);
                done.add(callers.submit(() -> {
                    for (int request = 0; request < 20; request++) {
                        List<int[]> sequences = IntStream.range(0, 1 + random.nextInt(5))
                                .mapToObj(i -> random.ints(1 + random.nextInt(40), 0, 1000)
                                        .toArray())
                                .toList();
                        List<CompletableFuture<float[]>> results = batcher.submit(sequences, soon());
                        for (int i = 0; i < sequences.size(); i++) {
                            assertThat(results.get(i).get(60, TimeUnit.SECONDS))
                                    .isEqualTo(sums(new int[][] {sequences.get(i)})[0]);
                        }
                    }
                    return null;
                }));
            }
            for (Future<?> future : done) {
                future.get(60, TimeUnit.SECONDS);
            }
        }
        assertThat(broken).isEmpty();
    }

    @Test
    void whatGathersWhileTheModelIsBusyGoesTogetherSortedByLength() throws Exception {
        var gate = new Gate();
        List<CompletableFuture<float[]>> results = new ArrayList<>();
        try (var batcher =
                new MicroBatcher("test", gate, new BatchLimits(3, 1000, NO_DELAY, 100), BatchListener.NONE)) {
            results.addAll(batcher.submit(List.of(new int[1]), soon()));
            gate.entered.await();
            for (int length : new int[] {50, 2, 30, 4, 6}) {
                results.addAll(batcher.submit(List.of(new int[length]), soon()));
            }
            assertThat(batcher.waiting()).isEqualTo(5);
            gate.open.countDown();
        }
        assertThat(gate.batches.stream()
                        .map(b -> Arrays.stream(b).map(s -> s.length).toList())
                        .toList())
                .containsExactly(List.of(1), List.of(2, 4, 6), List.of(30, 50));
        assertThat(results).allMatch(CompletableFuture::isDone);
    }

    @Test
    void aFullQueueRefusesTheWholeRequestAndTakesTheNextOneThatFits() throws Exception {
        var gate = new Gate();
        try (var batcher = new MicroBatcher("test", gate, new BatchLimits(4, 1000, NO_DELAY, 4), BatchListener.NONE)) {
            batcher.submit(List.of(new int[1]), soon());
            gate.entered.await();
            batcher.submit(List.of(new int[1], new int[1], new int[1]), soon());
            assertThatThrownBy(() -> batcher.submit(List.of(new int[1], new int[1]), soon()))
                    .isInstanceOfSatisfying(
                            AthanorException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.UNAVAILABLE))
                    .hasMessageContaining("3 of at most 4");
            assertThat(batcher.waiting())
                    .as("none of the refused ones is left in the queue")
                    .isEqualTo(3);
            batcher.submit(List.of(new int[1]), soon());
            gate.open.countDown();
        }
    }

    @Test
    void whatWaitedPastItsDeadlineFailsAndIsNotComputed() throws Exception {
        var gate = new Gate();
        CompletableFuture<float[]> late;
        CompletableFuture<float[]> inTime;
        try (var batcher = new MicroBatcher("test", gate, new BatchLimits(4, 1000, NO_DELAY, 9), BatchListener.NONE)) {
            batcher.submit(List.of(new int[1]), soon());
            gate.entered.await();
            late = batcher.submit(List.of(new int[7]), System.nanoTime() - 1).getFirst();
            inTime = batcher.submit(List.of(new int[5]), soon()).getFirst();
            gate.open.countDown();
        }
        assertThatThrownBy(late::get)
                .isInstanceOf(ExecutionException.class)
                .cause()
                .isInstanceOfSatisfying(
                        AthanorException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.TIMEOUT));
        assertThat(inTime.get()).containsExactly(0, 5);
        assertThat(gate.batches).noneMatch(b -> Arrays.stream(b).anyMatch(s -> s.length == 7));
    }

    @Test
    void aFailingModelFailsItsBatchAndServesTheNext() throws Exception {
        MicroBatcher.Model model = sequences -> {
            if (sequences[0].length == 13) {
                throw new IllegalStateException("unlucky");
            }
            return sums(sequences);
        };
        try (var batcher = new MicroBatcher("test", model, new BatchLimits(1, 1000, NO_DELAY, 9), BatchListener.NONE)) {
            var bad = batcher.submit(List.of(new int[13]), soon()).getFirst();
            var good = batcher.submit(List.of(new int[5]), soon()).getFirst();
            assertThatThrownBy(() -> bad.get(60, TimeUnit.SECONDS)).hasRootCauseMessage("unlucky");
            assertThat(good.get(60, TimeUnit.SECONDS)).containsExactly(0, 5);
        }
    }

    @Test
    void closingComputesWhatWaitsRefusesMoreAndLeavesNoThread() {
        var batcher = new MicroBatcher(
                "closing-test",
                MicroBatcherTest::sums,
                new BatchLimits(64, 1000, Duration.ofMinutes(10), 99),
                BatchListener.NONE);
        List<CompletableFuture<float[]>> waiting = batcher.submit(List.of(new int[2], new int[3]), soon());
        batcher.close();
        assertThat(waiting).allMatch(f -> f.isDone() && !f.isCompletedExceptionally());
        assertThatThrownBy(() -> batcher.submit(List.of(new int[1]), soon()))
                .isInstanceOfSatisfying(
                        AthanorException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.UNAVAILABLE));
        assertThat(Thread.getAllStackTraces().keySet())
                .noneMatch(t -> t.getName().equals("batcher-closing-test"));
    }

    @Test
    void theListenerHearsOfEverySequenceOnce() throws Exception {
        var sizes = new ConcurrentLinkedQueue<Integer>();
        var waits = new ConcurrentLinkedQueue<Long>();
        var listener = new BatchListener() {
            @Override
            public void waited(long nanos) {
                waits.add(nanos);
            }

            @Override
            public void computed(int sequences, long nanos) {
                sizes.add(sequences);
            }
        };
        try (var batcher = new MicroBatcher(
                "test", MicroBatcherTest::sums, new BatchLimits(4, 1000, Duration.ofMillis(1), 99), listener)) {
            batcher.submit(IntStream.range(0, 10).mapToObj(i -> new int[1]).toList(), soon())
                    .forEach(CompletableFuture::join);
        }
        assertThat(sizes).containsExactly(4, 4, 2);
        assertThat(waits).hasSize(10).allMatch(nanos -> nanos >= 0);
    }
}
