package dev.athanor.tokenizers.internal;

import java.util.concurrent.atomic.AtomicIntegerArray;
import org.jspecify.annotations.Nullable;

/**
 * Keeps work spaces between encodings, at most as many as have been in use at once. A thread comes back to the one that it used last, whose
 * cache knows its texts; that takes one number, which no other thread is near. References are written only where a work space moves: each such
 * write marks a card for the collector, and the cards of all slots are in one cache line.
 */
public final class ScratchPool {

    static final int NOWHERE = -1;

    private static final int SLOTS = 64;
    /** Numbers between two slots, so that threads that follow each other in number do not share a cache line. */
    private static final int APART = 32;

    private static final int FREE = 0;
    private static final int TAKEN = 1;

    private final FastEncoder encoder;
    private final AtomicIntegerArray states = new AtomicIntegerArray(SLOTS * APART);
    /** Read and written by whoever has taken the slot; read by others as a hint. */
    private final FastEncoder.@Nullable Scratch[] kept = new FastEncoder.Scratch[SLOTS];

    public ScratchPool(FastEncoder encoder) {
        this.encoder = encoder;
    }

    public FastEncoder.Scratch borrow() {
        int own = own();
        for (int i = 0; i < SLOTS; i++) {
            int slot = (own + i) % SLOTS;
            if (kept[slot] != null && take(slot)) {
                FastEncoder.Scratch scratch = kept[slot];
                if (scratch != null) {
                    return scratch;
                }
                free(slot);
            }
        }
        return encoder.newScratch();
    }

    /** Leaves the work space where it is if that is the thread's own place, else puts it there. */
    public void giveBack(FastEncoder.Scratch scratch) {
        scratch.shrink();
        int own = own();
        int from = scratch.slot;
        for (int i = 0; i < SLOTS; i++) {
            int slot = (own + i) % SLOTS;
            if (slot == from) {
                free(slot);
                return;
            }
            if (kept[slot] == null && take(slot)) {
                if (kept[slot] == null) {
                    move(scratch, slot);
                    return;
                }
                free(slot);
            }
        }
    }

    private void move(FastEncoder.Scratch scratch, int slot) {
        int from = scratch.slot;
        scratch.slot = slot;
        kept[slot] = scratch;
        free(slot);
        if (from != NOWHERE) {
            kept[from] = null;
            free(from);
        }
    }

    private boolean take(int slot) {
        return states.getPlain(slot * APART) == FREE && states.compareAndSet(slot * APART, FREE, TAKEN);
    }

    private void free(int slot) {
        states.setRelease(slot * APART, FREE);
    }

    private static int own() {
        return (int) (Thread.currentThread().threadId() % SLOTS);
    }
}
