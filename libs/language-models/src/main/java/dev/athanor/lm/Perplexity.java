package dev.athanor.lm;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import dev.athanor.libtorch.Autograd;
import dev.athanor.libtorch.FusedCrossEntropy;
import dev.athanor.lm.data.TokenBatch;
import dev.athanor.lm.data.TokenStream;
import dev.athanor.lm.data.TokenWindows;
import dev.athanor.lm.model.Heads;
import dev.athanor.lm.model.Transformer;
import org.jspecify.annotations.Nullable;

/**
 * How well a model predicts a text, over windows of the model's context that do not overlap: every token but the stream's first is
 * predicted once, from what stands before it in its window.
 *
 * @param nats sum of the negative log-likelihoods
 * @param tokens predicted
 * @param bytes of text that these tokens stand for; 0 = not known
 */
public record Perplexity(double nats, long tokens, long bytes) {

    /** Mean negative log-likelihood, the cross-entropy loss. */
    public double natsPerToken() {
        return nats / tokens;
    }

    /** e to the {@link #natsPerToken}: comparable only between models of one tokenizer. */
    public double perplexity() {
        return Math.exp(natsPerToken());
    }

    /** Bits that the model would need for a byte of text: comparable over tokenizers. NaN if the bytes are not known. */
    public double bitsPerByte() {
        return bytes == 0 ? Double.NaN : nats / Math.log(2) / bytes;
    }

    /**
     * Scores a stream from its start.
     *
     * @param device of the weights
     * @param batchSize windows at a time
     * @param maxTokens stop after this many; 0 = all
     * @param bytesOfToken text bytes of each token id; null = not known
     * @throws IllegalArgumentException if the stream has not two tokens
     */
    public static Perplexity of(
            Transformer model,
            Device device,
            TokenStream tokens,
            int batchSize,
            long maxTokens,
            int @Nullable [] bytesOfToken) {
        var heldOut = new HeldOut(tokens, model.config().context(), batchSize, maxTokens);
        double nats = 0;
        long bytes = 0;
        for (int i = 0; i < heldOut.batches(); i++) {
            TokenBatch batch = heldOut.batch(i);
            nats += nats(model, device, batch);
            bytes += bytes(batch, bytesOfToken);
        }
        return new Perplexity(nats, heldOut.scored(), bytes);
    }

    /**
     * The windows of a stream, in batches that can be scored one by one.
     *
     * @param context T, tokens a window
     * @param batchSize windows at a time
     * @param maxTokens stop after this many; 0 = all
     */
    public record HeldOut(TokenStream tokens, int context, int batchSize, long maxTokens) {

        /** @throws IllegalArgumentException if the stream has not two tokens */
        public HeldOut {
            if (tokens.size() < 2) {
                throw new IllegalArgumentException("perplexity needs at least 2 tokens, got " + tokens.size());
            }
        }

        /** Tokens that are predicted. */
        public long scored() {
            return maxTokens > 0 ? Math.min(tokens.size() - 1, maxTokens) : tokens.size() - 1;
        }

        private long whole() {
            return scored() / context;
        }

        private int batchesOfWhole() {
            return Math.toIntExact((whole() + batchSize - 1) / batchSize);
        }

        public int batches() {
            return batchesOfWhole() + (scored() % context > 0 ? 1 : 0);
        }

        /** The last one may be a single window that is shorter. */
        public TokenBatch batch(int index) {
            long first = (long) index * batchSize;
            return index < batchesOfWhole()
                    ? new TokenWindows(tokens, context, 0).inOrder(first, (int) Math.min(batchSize, whole() - first))
                    : remainder();
        }

        private TokenBatch remainder() {
            long from = whole() * context;
            int length = (int) (scored() - from);
            var inputs_BT = new long[length];
            var targets_BT = new long[length];
            tokens.read(from, length, inputs_BT, 0);
            tokens.read(from + 1, length, targets_BT, 0);
            return new TokenBatch(1, length, inputs_BT, targets_BT);
        }
    }

    /** Sum of the negative log-likelihoods of a batch's targets. */
    public static double nats(Transformer model, Device device, TokenBatch batch) {
        try (NDManager manager = Devices.newManager(device);
                Autograd.Scope noGrad = Autograd.noGrad()) {
            var shape = new Shape(batch.rows(), batch.length());
            NDArray ids_BT = manager.create(batch.inputs_BT(), shape);
            NDArray targets_BT = manager.create(batch.targets_BT(), shape);
            NDArray hidden_BTC = model.hidden(ids_BT, false);
            Heads heads = model.heads();
            NDArray losses_BT = new FusedCrossEntropy()
                    .perToken(heads.features(hidden_BTC), heads.output_VC(), heads.outputBias_V(), targets_BT);
            double sum = 0;
            for (float loss : losses_BT.toFloatArray()) {
                sum += loss;
            }
            return sum;
        }
    }

    private static long bytes(TokenBatch batch, int @Nullable [] bytesOfToken) {
        long sum = 0;
        if (bytesOfToken != null) {
            for (long id : batch.targets_BT()) {
                sum += bytesOfToken[(int) id];
            }
        }
        return sum;
    }
}
