package dev.athanor.lm.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.Shape;
import dev.athanor.libtorch.LtFunctions;
import org.jspecify.annotations.Nullable;

/**
 * How the positions of a layer with a window are cut into blocks. A block of queries is given its own block of keys, those before it
 * that the window reaches into, in an encoder as many after it, and the global positions; no other scores are computed.
 *
 * <p>Shapes beside {@link Transformer}'s: n blocks a sequence, N = B·n blocks in all, P positions of a block, W keys that a block is
 * given, G global positions, which are the last of the W.
 *
 * @param length T
 * @param size P
 * @param before blocks of keys before a block's own
 * @param after blocks of keys after a block's own; 0 in a decoder
 * @param globals G
 */
record WindowBlocks(int length, int size, int before, int after, int globals) {

    /** Shorter blocks are too little work for a call. */
    static final int LEAST_SIZE = 32;

    /** Sizes are its multiples. */
    private static final int STEP = 16;

    /** Longer windows reach over two blocks: half a window less of scores a query, for copying its keys once more. */
    private static final int HALVED = 128;

    /** Keys of a whole sequence for those of a block, from where on the copies are paid for (docs/adr/0143). */
    private static final double WORTHWHILE = 2.5;

    /** Null where all scores are computed: of short sequences, and of patterns and positions that do not fit into blocks. */
    static @Nullable WindowBlocks of(ModelConfig config, LayerAttention attention, int length) {
        // What is far below here cannot overflow.
        if (!fits(attention) || attention.window() >= length || attention.globals() >= length) {
            return null;
        }
        int reach = attention.window() - 1;
        int size = Math.max(LEAST_SIZE, ((reach > HALVED ? (reach + 1) / 2 : reach) + STEP - 1) / STEP * STEP);
        int before = (reach + size - 1) / size;
        int after = config.stack() == ModelConfig.Stack.ENCODER ? before : 0;
        var blocks = new WindowBlocks(length, size, before, after, attention.globals());
        return WORTHWHILE * blocks.keys() <= length ? blocks : null;
    }

    /** Distances are alike in all blocks but those to global positions, and random positions are in no block. */
    private static boolean fits(LayerAttention attention) {
        return switch (attention.kind()) {
            case FULL, BIGBIRD -> false;
            case SLIDING_WINDOW -> attention.positions() != LayerAttention.Positions.DISENTANGLED;
            case LONGFORMER ->
                attention.positions() == LayerAttention.Positions.NONE
                        || attention.positions() == LayerAttention.Positions.ROTARY;
        };
    }

    /** n. */
    int count() {
        return (length + size - 1) / size;
    }

    /** Keys of a block that are not global ones. */
    int near() {
        return (before + 1 + after) * size;
    }

    /** W. */
    int keys() {
        return near() + globals;
    }

    /** The place in the sequence of a near key, below 0 or not below T where there is none. */
    int position(int block, int key) {
        return (block - before) * size + key;
    }

    /** [B, T, C] as [N, P, C], with zeros where the last block has no positions. */
    NDArray queries(NDArray x_BTC) {
        Shape shape = x_BTC.getShape();
        return padded(x_BTC, 0, 0).reshape(shape.get(0) * count(), size, shape.get(2));
    }

    /** Keys and values [B, T, E] as [N, W, E], with zeros where there are no positions. */
    NDArray keys(NDArray x_BTE) {
        Shape shape = x_BTE.getShape();
        long B = shape.get(0);
        long E = shape.get(2);
        int n = count();
        NDArray blocks_BnPE = padded(x_BTE, before, after).reshape(B, n + before + after, size, E);
        var parts = new NDList();
        for (int i = 0; i <= before + after; i++) {
            parts.add(LtFunctions.narrow(blocks_BnPE, 1, i, n));
        }
        if (globals > 0) {
            parts.add(LtFunctions.narrow(x_BTE, 1, 0, globals).expandDims(1).broadcast(B, n, globals, E));
        }
        NDArray all_BnWE = parts.size() == 1 ? parts.head() : NDArrays.concat(parts, 2);
        return all_BnWE.reshape(B * n, keys(), E);
    }

    /** [N, P, C] as [B, T, C]. */
    NDArray sequences(NDArray x_NPC) {
        Shape shape = x_NPC.getShape();
        NDArray x_BTC = x_NPC.reshape(shape.get(0) / count(), (long) count() * size, shape.get(2));
        return count() * size == length ? x_BTC : LtFunctions.narrow(x_BTC, 1, 0, length);
    }

    private NDArray padded(NDArray x_BTE, int blocksBefore, int blocksAfter) {
        long end = (long) (count() + blocksAfter) * size - length;
        return blocksBefore == 0 && end == 0 ? x_BTE : x_BTE.pad(new Shape(0, 0, (long) blocksBefore * size, end), 0);
    }
}
