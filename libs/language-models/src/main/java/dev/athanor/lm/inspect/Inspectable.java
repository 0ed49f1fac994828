package dev.athanor.lm.inspect;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import dev.athanor.lm.LanguageModel;
import dev.athanor.lm.SequenceClassifier;
import dev.athanor.lm.model.ModelConfig;
import dev.athanor.lm.model.Operations;
import dev.athanor.lm.model.Transformer;
import java.util.Arrays;
import java.util.Map;

/** What can be looked into: a model that makes predictions of a sequence of tokens. */
public interface Inspectable {

    ModelConfig config();

    Device device();

    /** The arrays that it computes with, by name. */
    Map<String, NDArray> weights();

    /**
     * The model's predictions, without dropout.
     *
     * @param ids 1 to {@code context} token ids
     * @param operations to compute by
     * @return logits, one row a prediction: [T, V] of a language model, [1, labels] of a classifier; owned by {@code scope}
     */
    NDArray logits(NDManager scope, int[] ids, Operations operations);

    static Inspectable of(LanguageModel model) {
        return of(model.config(), model.parameters(), model.device());
    }

    /** A language model of weights of any type. */
    static Inspectable of(ModelConfig config, Map<String, NDArray> weights, Device device) {
        return new Inspectable() {
            @Override
            public ModelConfig config() {
                return config;
            }

            @Override
            public Device device() {
                return device;
            }

            @Override
            public Map<String, NDArray> weights() {
                return weights;
            }

            @Override
            public NDArray logits(NDManager scope, int[] ids, Operations operations) {
                var transformer = new Transformer(config, weights, operations);
                long[] row = Arrays.stream(ids).asLongStream().toArray();
                NDArray ids_BT = scope.create(row, new Shape(1, ids.length));
                NDArray hidden_BTC =
                        transformer.forward(Transformer.Input.of(ids_BT, false)).hidden_BTC();
                return transformer.heads().logits(hidden_BTC).squeeze(0);
            }
        };
    }

    static Inspectable of(SequenceClassifier classifier) {
        return new Inspectable() {
            @Override
            public ModelConfig config() {
                return classifier.config();
            }

            @Override
            public Device device() {
                return classifier.device();
            }

            @Override
            public Map<String, NDArray> weights() {
                return classifier.parameters();
            }

            @Override
            public NDArray logits(NDManager scope, int[] ids, Operations operations) {
                return classifier.logits(scope, ids, operations);
            }
        };
    }
}
