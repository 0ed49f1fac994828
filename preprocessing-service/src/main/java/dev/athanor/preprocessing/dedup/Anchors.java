package dev.athanor.preprocessing.dedup;

/**
 * Winnowing (Schleimer, Wilkerson and Aiken 2003): of every w windows of k bytes in a row the one with the smallest hash, the
 * last of equals. Two texts that share a run of w + k - 1 bytes share one of these within it, though only some 2 in w + 1 are
 * chosen.
 */
final class Anchors {

    private Anchors() {}

    /** Anchors for shared runs of {@code length} bytes: windows of {@link #size} bytes. */
    static void of(byte[] text, int length, RollingHash.Window anchor) {
        int k = size(length);
        int w = length - k + 1;
        int windows = text.length - k + 1;
        if (windows < w) {
            return;
        }
        // A queue of places with rising hashes: its head is the smallest of the last w.
        var places = new int[w + 1];
        var highs = new long[w + 1];
        var lows = new long[w + 1];
        var queue = new Object() {
            int head;
            int size;
            int last = -1;
        };
        RollingHash.windows(text, 0, text.length, k, (place, high, low) -> {
            while (queue.size > 0 && highs[(queue.head + queue.size - 1) % (w + 1)] >= high) {
                queue.size--;
            }
            int tail = (queue.head + queue.size++) % (w + 1);
            places[tail] = place;
            highs[tail] = high;
            lows[tail] = low;
            if (places[queue.head] <= place - w) {
                queue.head = (queue.head + 1) % (w + 1);
                queue.size--;
            }
            if (place >= w - 1 && places[queue.head] != queue.last) {
                queue.last = places[queue.head];
                anchor.accept(queue.last, highs[queue.head], lows[queue.head]);
            }
        });
    }

    static int size(int length) {
        return length / 2;
    }
}
