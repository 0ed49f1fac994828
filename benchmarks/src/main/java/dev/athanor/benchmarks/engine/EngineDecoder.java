package dev.athanor.benchmarks.engine;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import dev.athanor.libtorch.Autograd;
import dev.athanor.libtorch.FusedAdamW;
import dev.athanor.libtorch.FusedCrossEntropy;
import dev.athanor.libtorch.LtFunctions;
import dev.athanor.libtorch.RngState;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The decoder's training step on the engine. Shape suffixes: B batch, T time, C width, H heads, D head width. */
final class EngineDecoder implements TrainingStep {
    private final DecoderShape shape;
    private final NDManager manager;
    private final DataType type;
    private final Map<String, NDArray> decayed = new LinkedHashMap<>();
    private final Map<String, NDArray> plain = new LinkedHashMap<>();
    private final List<Block> blocks = new ArrayList<>();
    private final NDArray tokens_VC;
    private final NDArray positions_TC;
    private final NDArray finalScale;
    private final NDArray finalShift;
    private final FusedAdamW optimizer;
    private final FusedCrossEntropy crossEntropy;

    private record Block(
            NDArray scale1,
            NDArray shift1,
            NDArray qkv,
            NDArray qkvBias,
            NDArray out,
            NDArray outBias,
            NDArray scale2,
            NDArray shift2,
            NDArray up,
            NDArray upBias,
            NDArray down,
            NDArray downBias) {}

    EngineDecoder(DecoderShape shape, DataType type, Device device) {
        this.shape = shape;
        this.type = type;
        this.manager = NDManager.newBaseManager(device, "LibTorch");
        this.crossEntropy = device.isGpu() ? new FusedCrossEntropy(4096, -100) : new FusedCrossEntropy();
        RngState.seed(1337);
        int c = shape.width();
        double narrow = 0.02 / Math.sqrt(2.0 * shape.layers());
        tokens_VC = normal("wte", 0.02, shape.vocabulary(), c);
        positions_TC = normal("wpe", 0.02, shape.time(), c);
        for (int i = 0; i < shape.layers(); i++) {
            String at = "h" + i + ".";
            blocks.add(new Block(
                    constant(at + "scale1", 1, c),
                    constant(at + "shift1", 0, c),
                    normal(at + "qkv", 0.02, 3 * c, c),
                    constant(at + "qkvBias", 0, 3 * c),
                    normal(at + "out", narrow, c, c),
                    constant(at + "outBias", 0, c),
                    constant(at + "scale2", 1, c),
                    constant(at + "shift2", 0, c),
                    normal(at + "up", 0.02, 4 * c, c),
                    constant(at + "upBias", 0, 4 * c),
                    normal(at + "down", narrow, c, 4 * c),
                    constant(at + "downBias", 0, c)));
        }
        finalScale = constant("scale", 1, c);
        finalShift = constant("shift", 0, c);
        optimizer = new FusedAdamW(
                List.of(new FusedAdamW.Group(decayed, 0.1), new FusedAdamW.Group(plain, 0)),
                new FusedAdamW.Options(0.9, 0.99, 1e-8));
    }

    private NDArray normal(String name, double deviation, long rows, long columns) {
        return parameter(
                decayed, name, manager.randomNormal(0, (float) deviation, new Shape(rows, columns), DataType.FLOAT32));
    }

    private NDArray constant(String name, int value, long size) {
        return parameter(plain, name, manager.full(new Shape(size), value, DataType.FLOAT32));
    }

    private NDArray parameter(Map<String, NDArray> group, String name, NDArray initial) {
        NDArray parameter = initial.toType(type, false);
        parameter.setRequiresGradient(true);
        group.put(name, parameter);
        return parameter;
    }

    @Override
    public double run(long number) {
        long[][] rows = shape.sample(number);
        try (NDManager step = manager.newSubManager();
                Autograd.Scope recording = Autograd.record()) {
            Shape batch = new Shape(shape.batch(), shape.time());
            NDArray x_BTC = LtFunctions.embedding(step.create(shape.inputs(rows), batch), tokens_VC)
                    .add(positions_TC);
            for (Block block : blocks) {
                x_BTC = forward(block, x_BTC);
            }
            x_BTC = LtFunctions.layerNorm(x_BTC, finalScale, finalShift, 1e-5);
            double loss = crossEntropy
                    .backward(x_BTC, tokens_VC, null, step.create(shape.targets(rows), batch))
                    .mean();
            optimizer.collectGradients();
            optimizer.clipGradients(1);
            optimizer.step(1e-3);
            return loss;
        }
    }

    private NDArray forward(Block block, NDArray x_BTC) {
        NDArray h_BTC = LtFunctions.layerNorm(x_BTC, block.scale1, block.shift1, 1e-5);
        NDArray[] qkv = LtFunctions.chunk(LtFunctions.linear(h_BTC, block.qkv, block.qkvBias), 3);
        NDArray mixed_BHTD = LtFunctions.scaledDotProductAttention(
                LtFunctions.splitHeads(qkv[0], shape.heads()),
                LtFunctions.splitHeads(qkv[1], shape.heads()),
                LtFunctions.splitHeads(qkv[2], shape.heads()),
                null,
                true,
                0,
                null);
        NDArray y_BTC = x_BTC.add(LtFunctions.linear(LtFunctions.mergeHeads(mixed_BHTD), block.out, block.outBias));
        h_BTC = LtFunctions.layerNorm(y_BTC, block.scale2, block.shift2, 1e-5);
        NDArray up = LtFunctions.gelu(LtFunctions.linear(h_BTC, block.up, block.upBias), false);
        return y_BTC.add(LtFunctions.linear(up, block.down, block.downBias));
    }

    @Override
    public void close() {
        optimizer.close();
        manager.close();
    }
}
