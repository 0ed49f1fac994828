package dev.athanor.libtorch;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.Device;
import ai.djl.engine.Engine;
import ai.djl.modality.cv.util.NDImageUtils;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.recurrent.LSTM;
import ai.djl.training.ParameterServer;
import ai.djl.training.ParameterStore;
import ai.djl.training.optimizer.Optimizer;
import ai.djl.training.tracker.Tracker;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What programs written for DJL's other engines rely on. */
class DjlBehaviourTest {
    private final NDManager manager = NDManager.newBaseManager(Device.cpu(), "LibTorch");

    @AfterEach
    void close() {
        manager.close();
    }

    /** DJL's block lists the weights of both directions before their biases; libtorch wants them direction by direction. */
    @Test
    void theSecondDirectionReadsBackwards() {
        int width = 3;
        Shape input = new Shape(5, 2, 4);
        LSTM both = LSTM.builder()
                .setStateSize(width)
                .setNumLayers(1)
                .optBidirectional(true)
                .optBatchFirst(false)
                .build();
        both.initialize(manager, DataType.FLOAT32, input);
        both.getParameters()
                .values()
                .forEach(p -> p.getArray()
                        .set(manager.randomNormal(p.getArray().getShape(), DataType.FLOAT32)
                                .toByteBuffer()));
        NDArray x = manager.randomNormal(input);
        NDArray y = both.forward(new ParameterStore(manager, false), new NDList(x), false)
                .head();
        NDArray zero = manager.zeros(new Shape(1, 2, width));
        for (String direction : new String[] {"l", "r"}) {
            NDList own = new NDList();
            both.getParameters().forEach(p -> {
                if (p.getKey().startsWith(direction)) {
                    own.add(p.getValue().getArray());
                }
            });
            boolean backwards = direction.equals("r");
            NDArray one = x.getNDArrayInternal()
                    .lstm(backwards ? x.flip(0) : x, new NDList(zero, zero), own, true, 1, 0, false, false, false)
                    .head();
            NDArray half = y.get(backwards ? ":, :, 3:" : ":, :, :3");
            assertThat(half.allClose(backwards ? one.flip(0) : one, 1e-5, 1e-5, false))
                    .as(direction)
                    .isTrue();
        }
    }

    @Test
    void bothDirectionsStackInLayers() {
        Shape input = new Shape(2, 6, 4);
        LSTM stacked = LSTM.builder()
                .setStateSize(3)
                .setNumLayers(2)
                .optBidirectional(true)
                .optBatchFirst(true)
                .build();
        stacked.initialize(manager, DataType.FLOAT32, input);
        NDList y = stacked.forward(new ParameterStore(manager, false), new NDList(manager.randomNormal(input)), false);
        assertThat(y.head().getShape()).isEqualTo(new Shape(2, 6, 6));
    }

    @Test
    void samplesAreFloat32WhateverTheTypeOfTheirParameters() {
        for (DataType type : new DataType[] {DataType.FLOAT64, DataType.FLOAT32, DataType.INT32}) {
            NDArray two = manager.create(new float[] {2, 2}).toType(type, false);
            Shape draws = new Shape(2000);
            NDArray[] samples = {
                manager.samplePoisson(two, draws),
                manager.sampleGamma(two, two, draws),
                manager.sampleNormal(two, two, draws)
            };
            double[] means = {2, 4, 2};
            for (int i = 0; i < samples.length; i++) {
                assertThat(samples[i].getDataType()).isEqualTo(DataType.FLOAT32);
                assertThat(samples[i].getShape()).isEqualTo(new Shape(2, 2000));
                assertThat((double) samples[i].mean().getFloat()).isBetween(means[i] - 0.3, means[i] + 0.3);
            }
        }
    }

    @Test
    void numberedProcessorsAreTheProcessor() {
        NDArray[] weights = new NDArray[3];
        NDArray[] gradients = new NDArray[3];
        for (int i = 0; i < weights.length; i++) {
            weights[i] = manager.ones(new Shape(2)).toDevice(Device.of("cpu", i), true);
            gradients[i] = manager.ones(new Shape(2)).toDevice(Device.of("cpu", i), true);
            weights[i].setRequiresGradient(true);
        }
        Optimizer sgd =
                Optimizer.sgd().setLearningRateTracker(Tracker.fixed(0.1f)).build();
        try (ParameterServer server = Engine.getEngine("LibTorch").newParameterServer(sgd)) {
            server.init("w", new NDArray[] {weights[0]});
            server.update("w", gradients, weights);
        }
        for (NDArray weight : weights) {
            assertThat(weight.toFloatArray()).containsExactly(0.7f, 0.7f);
        }
    }

    /** DJL's own check of the two flips sets this seed and expects both to happen. */
    @Test
    void imagesAreFlippedAsTheSeedSays() {
        manager.getEngine().setRandomSeed(1234);
        NDArray image = manager.randomUniform(0, 255, new Shape(4, 5, 3));
        assertThat(NDImageUtils.randomFlipLeftRight(image)).isEqualTo(image.flip(1));
        assertThat(NDImageUtils.randomFlipTopBottom(image)).isEqualTo(image.flip(0));
        int flipped = 0;
        for (int i = 0; i < 200; i++) {
            flipped += NDImageUtils.randomFlipLeftRight(image).contentEquals(image) ? 0 : 1;
        }
        assertThat(flipped).isBetween(60, 140);
    }
}
