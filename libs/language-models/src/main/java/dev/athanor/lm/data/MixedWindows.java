package dev.athanor.lm.data;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Windows of several token streams in given shares. The endless order of samples is cut into blocks of {@value #BLOCK}; each block
 * holds the same number of windows of each stream, in an order shuffled by block, and each stream's windows come in its own shuffled
 * epochs. So where a sample comes from is a pure function of (seed, block, place in the block), and no stream's window comes
 * again before all others of that stream have come.
 */
public final class MixedWindows {

    static final int BLOCK = 4096;

    private final List<TokenWindows> parts;
    private final int[] quotas;
    private final long seed;

    /**
     * @param weights one a stream, above 0, of any sum; rounded to multiples of 1/{@value #BLOCK}
     * @param apart as of {@link TokenWindows}
     * @throws IllegalArgumentException if a stream has not one whole window
     */
    public MixedWindows(List<? extends TokenStream> streams, double[] weights, int length, long seed, boolean apart) {
        if (streams.isEmpty() || streams.size() != weights.length || streams.size() > BLOCK) {
            throw new IllegalArgumentException(
                    streams.size() + " streams and " + weights.length + " weights, expected one weight a stream");
        }
        var windows = new ArrayList<TokenWindows>();
        for (int i = 0; i < streams.size(); i++) {
            // Streams that are alike are not to come in the same order.
            windows.add(new TokenWindows(
                    streams.get(i), length, i == 0 ? seed : SampleOrder.mix(seed + SampleOrder.mix(i)), apart));
        }
        this.parts = List.copyOf(windows);
        this.quotas = quotas(weights);
        this.seed = seed;
    }

    /** Largest remainders; at least one window a block of each. */
    static int[] quotas(double[] weights) {
        double sum = Arrays.stream(weights).sum();
        var quotas = new int[weights.length];
        var remainders = new double[weights.length];
        int left = BLOCK;
        for (int i = 0; i < weights.length; i++) {
            if (!(weights[i] > 0) || !Double.isFinite(sum)) {
                throw new IllegalArgumentException("weight " + i + " is " + weights[i] + ", expected a number above 0");
            }
            double exact = weights[i] / sum * BLOCK;
            quotas[i] = Math.max(1, (int) exact);
            remainders[i] = exact - quotas[i];
            left -= quotas[i];
        }
        while (left != 0) {
            int step = Integer.signum(left);
            int best = -1;
            for (int i = 0; i < quotas.length; i++) {
                if (quotas[i] + step >= 1 && (best < 0 || step * remainders[i] > step * remainders[best])) {
                    best = i;
                }
            }
            quotas[best] += step;
            remainders[best] -= step;
            left -= step;
        }
        return quotas;
    }

    /** @param window number in the stream's own order */
    record Place(int stream, long window) {}

    /** Where a sample of the endless order comes from. */
    Place place(long sample) {
        long block = sample / BLOCK;
        int at = (int) new SampleOrder(BLOCK, seed).at(block, sample % BLOCK);
        int stream = 0;
        while (at >= quotas[stream]) {
            at -= quotas[stream++];
        }
        TokenWindows windows = parts.get(stream);
        long draw = Math.addExact(Math.multiplyExact(block, quotas[stream]), at);
        var order = new SampleOrder(windows.count(), windows.seed());
        return new Place(stream, order.at(draw / windows.count(), draw % windows.count()));
    }

    public int length() {
        return parts.getFirst().length();
    }

    /** Windows of all streams. */
    public long count() {
        return parts.stream().mapToLong(TokenWindows::count).sum();
    }

    /** The batch of an optimizer step: samples {@code step·rows …}. */
    public TokenBatch shuffled(long step, int rows) {
        List<TokenBatch> single = new ArrayList<>();
        for (int row = 0; row < rows; row++) {
            Place place = place(Math.addExact(Math.multiplyExact(step, rows), row));
            single.add(parts.get(place.stream()).inOrder(place.window(), 1));
        }
        return TokenBatch.joined(single);
    }

    /** What tells this mixture from others. */
    public String fingerprint() {
        return "tokens=" + parts.stream().map(part -> part.tokens().size()).toList() + " length=" + length()
                + " shares=" + Arrays.toString(quotas) + (parts.getFirst().apart() ? " documents apart" : "");
    }
}
