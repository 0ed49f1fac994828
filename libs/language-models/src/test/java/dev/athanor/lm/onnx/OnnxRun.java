package dev.athanor.lm.onnx;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OnnxValue;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.TensorInfo;
import java.nio.FloatBuffer;
import java.nio.LongBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/** An exported file in onnxruntime. */
final class OnnxRun implements AutoCloseable {

    /** Version 1.29.0 matches the command line of the process by recursion: a long class path overflows a stack of the usual size. */
    private static final long STACK_BYTES = 256L << 20;

    private final OrtEnvironment environment = environment();
    private final OrtSession session;

    /** A float32 array, row-major. */
    record Floats(float[] values, long... shape) {

        /** The values at these first indices. */
        float[] at(int... index) {
            int offset = 0;
            int size = values.length;
            for (int i = 0; i < index.length; i++) {
                size /= (int) shape[i];
                offset += index[i] * size;
            }
            return Arrays.copyOfRange(values, offset, offset + size);
        }
    }

    OnnxRun(Path file) throws OrtException {
        try (var options = new OrtSession.SessionOptions()) {
            options.setIntraOpNumThreads(1);
            session = environment.createSession(file.toString(), options);
        }
    }

    private static OrtEnvironment environment() {
        var environment = new FutureTask<>(OrtEnvironment::getEnvironment);
        new Thread(null, environment, "onnxruntime", STACK_BYTES).start();
        try {
            return environment.get();
        } catch (InterruptedException | ExecutionException e) {
            throw new IllegalStateException("onnxruntime does not start", e);
        }
    }

    Map<String, TensorInfo> inputs() throws OrtException {
        var inputs = new LinkedHashMap<String, TensorInfo>();
        session.getInputInfo().forEach((name, node) -> inputs.put(name, (TensorInfo) node.getInfo()));
        return inputs;
    }

    /** @param inputs long[][] or {@link Floats} by name */
    Map<String, Floats> run(Map<String, ?> inputs) throws OrtException {
        var tensors = new LinkedHashMap<String, OnnxTensor>();
        for (var input : inputs.entrySet()) {
            tensors.put(
                    input.getKey(),
                    input.getValue() instanceof Floats floats
                            ? OnnxTensor.createTensor(environment, FloatBuffer.wrap(floats.values), floats.shape)
                            : longs((long[][]) input.getValue()));
        }
        try (OrtSession.Result result = session.run(tensors)) {
            var outputs = new LinkedHashMap<String, Floats>();
            for (Map.Entry<String, OnnxValue> output : result) {
                var tensor = (OnnxTensor) output.getValue();
                FloatBuffer buffer = tensor.getFloatBuffer();
                var values = new float[buffer.remaining()];
                buffer.get(values);
                outputs.put(output.getKey(), new Floats(values, tensor.getInfo().getShape()));
            }
            return outputs;
        } finally {
            tensors.values().forEach(OnnxTensor::close);
        }
    }

    private OnnxTensor longs(long[][] rows) throws OrtException {
        long[] flat = Arrays.stream(rows).flatMapToLong(Arrays::stream).toArray();
        return OnnxTensor.createTensor(environment, LongBuffer.wrap(flat), new long[] {rows.length, rows[0].length});
    }

    @Override
    public void close() throws OrtException {
        session.close();
    }
}
