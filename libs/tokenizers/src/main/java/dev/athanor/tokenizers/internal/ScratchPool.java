package dev.athanor.tokenizers.internal;

import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/** Keeps work spaces between encodings, at most as many as have been in use at once. */
public final class ScratchPool {

    private static final int SLOTS = 64;
    /** References between two slots, so that threads that follow each other in number do not share a cache line. */
    private static final int APART = 32;

    private final FastEncoder encoder;
    private final AtomicReferenceArray<FastEncoder.@Nullable Scratch> slots = new AtomicReferenceArray<>(SLOTS * APART);

    public ScratchPool(FastEncoder encoder) {
        this.encoder = encoder;
    }

    public FastEncoder.Scratch borrow() {
        int start = start();
        for (int i = 0; i < SLOTS; i++) {
            int slot = (start + i) % SLOTS * APART;
            if (slots.getPlain(slot) != null) {
                FastEncoder.Scratch scratch = slots.getAndSet(slot, null);
                if (scratch != null) {
                    return scratch;
                }
            }
        }
        return encoder.newScratch();
    }

    public void giveBack(FastEncoder.Scratch scratch) {
        scratch.shrink();
        int start = start();
        for (int i = 0; i < SLOTS; i++) {
            if (slots.compareAndSet((start + i) % SLOTS * APART, null, scratch)) {
                return;
            }
        }
    }

    /** A thread comes back to the work space that it used last, whose cache knows its texts. */
    private static int start() {
        return (int) Thread.currentThread().threadId() % SLOTS;
    }
}
