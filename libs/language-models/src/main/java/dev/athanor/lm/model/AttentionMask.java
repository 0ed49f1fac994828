package dev.athanor.lm.model;

import dev.athanor.lm.data.SampleOrder;

/** Which positions see each other in a layer, and ALiBi's penalties, as numbers that are added to the attention scores. */
public record AttentionMask(ModelConfig config, LayerAttention attention) {

    /** Low enough that its exponential is zero, and finite in bfloat16 even when two are added. */
    public static final float HIDDEN = -1e30f;

    private static final long RANDOM_PATTERN = 0x42_19_B1_9BL;

    /** 1 where all heads are alike. */
    int heads() {
        return attention.positions() == LayerAttention.Positions.ALIBI ? config.heads() : 1;
    }

    /** Whether any score is changed for the positions {@code start … start+length-1} and keys up to them. */
    boolean needed(int start, int length) {
        boolean causalOnly =
                attention.kind() == LayerAttention.Kind.FULL && attention.positions() != LayerAttention.Positions.ALIBI;
        // One new position sees the whole cache; several at the start are what a causal flag is for.
        return !causalOnly || (config.stack() == ModelConfig.Stack.DECODER && start > 0 && length > 1);
    }

    /** [heads, length, keys], row-major. */
    float[] values(int start, int length, int keys) {
        int H = heads();
        var values = new float[H * length * keys];
        for (int h = 0; h < H; h++) {
            double slope = attention.positions() == LayerAttention.Positions.ALIBI ? slope(h) : 0;
            for (int t = 0; t < length; t++) {
                for (int s = 0; s < keys; s++) {
                    values[(h * length + t) * keys + s] =
                            sees(start + t, s) ? (float) (-slope * Math.abs(start + t - s)) : HIDDEN;
                }
            }
        }
        return values;
    }

    /** Whether a position sees another. */
    public boolean sees(int query, int key) {
        if (config.stack() == ModelConfig.Stack.DECODER && key > query) {
            return false;
        }
        boolean near = Math.abs(query - key) < attention.window();
        return switch (attention.kind()) {
            case FULL -> true;
            case SLIDING_WINDOW -> near;
            case LONGFORMER -> near || global(query, key);
            case BIGBIRD -> near || global(query, key) || random(query, key);
        };
    }

    /** The most positions of a sequence that one of them sees; of a decoder's full attention, all. */
    public int seen(int length) {
        boolean decoder = config.stack() == ModelConfig.Stack.DECODER;
        long near = decoder ? attention.window() : 2L * attention.window() - 1;
        long seen = attention.kind() == LayerAttention.Kind.FULL
                ? length
                : near + attention.globals() + attention.randoms();
        return (int) Math.min(length, seen);
    }

    /** How many positions each one's scores are computed for, when all of a sequence are there at once: all, or those of its block. */
    public int computed(int length) {
        WindowBlocks blocks = WindowBlocks.of(config, attention, length);
        return blocks == null ? length : blocks.keys();
    }

    private boolean global(int query, int key) {
        return query < attention.globals() || key < attention.globals();
    }

    /** The keys that a query sees at random are fixed by its position. */
    private boolean random(int query, int key) {
        for (int r = 0; r < attention.randoms(); r++) {
            if (randomKey(query, r) == key) {
                return true;
            }
        }
        return false;
    }

    /** The r-th key that a query sees at random. */
    public long randomKey(int query, int r) {
        int choices = config.stack() == ModelConfig.Stack.DECODER ? query + 1 : config.context();
        long draw = SampleOrder.mix(RANDOM_PATTERN + SampleOrder.mix(((long) query << 20) + r));
        return Long.remainderUnsigned(draw, choices);
    }

    /** 2^(-8/n), 2^(-16/n), … for n heads, a power of two; the next power's odd terms fill up other numbers of heads. */
    public double slope(int head) {
        int n = Integer.highestOneBit(config.heads());
        return head < n ? Math.pow(2, -8.0 * (head + 1) / n) : Math.pow(2, -4.0 * (2 * (head - n) + 1) / n);
    }
}
