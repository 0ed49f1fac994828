package dev.athanor.tokenizers.internal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.athanor.tokenizers.IntList;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class ScratchPoolTest {

    private static final int THREADS = 100;

    private final AtomicInteger made = new AtomicInteger();
    private final ScratchPool pool = new ScratchPool(new Nothing());

    private final class Nothing implements FastEncoder {

        @Override
        public boolean encode(byte[] utf8, int from, int to, Scratch scratch, IntList out) {
            return false;
        }

        @Override
        public boolean encodeAligned(byte[] utf8, int from, int to, Scratch scratch, int codePoint, AlignedTokens out) {
            return false;
        }

        @Override
        public Scratch newScratch() {
            made.incrementAndGet();
            return new Scratch();
        }
    }

    @Test
    void oneAfterTheOtherUsesTheSame() throws Exception {
        FastEncoder.Scratch first = pool.borrow();
        pool.giveBack(first);
        for (int i = 0; i < 200; i++) {
            Thread other = new Thread(() -> pool.giveBack(pool.borrow()));
            other.start();
            other.join();
        }
        assertThat(pool.borrow()).isSameAs(first);
        assertThat(made).hasValue(1);
    }

    @Test
    void noTwoHaveTheSameAtOnce() throws Exception {
        Set<FastEncoder.Scratch> out = Collections.synchronizedSet(Collections.newSetFromMap(new IdentityHashMap<>()));
        CountDownLatch start = new CountDownLatch(THREADS);
        try (var threads = Executors.newFixedThreadPool(THREADS)) {
            List<Future<Integer>> clashes = new ArrayList<>();
            for (int t = 0; t < THREADS; t++) {
                clashes.add(threads.submit(() -> {
                    start.countDown();
                    start.await();
                    int clash = 0;
                    for (int i = 0; i < 2_000; i++) {
                        FastEncoder.Scratch scratch = pool.borrow();
                        clash += out.add(scratch) ? 0 : 1;
                        if (i % 16 == 0) {
                            Thread.yield();
                        }
                        out.remove(scratch);
                        pool.giveBack(scratch);
                    }
                    return clash;
                }));
            }
            for (Future<Integer> clash : clashes) {
                assertThat(clash.get()).isZero();
            }
        }
    }
}
