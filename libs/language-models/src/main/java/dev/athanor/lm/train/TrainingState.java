package dev.athanor.lm.train;

import ai.djl.ndarray.NDArray;
import dev.athanor.libtorch.RawData;
import dev.athanor.lm.format.SafetensorsFile;
import dev.athanor.lm.format.SafetensorsFile.Source;
import dev.athanor.lm.format.SafetensorsFile.Tensor;
import dev.athanor.lm.format.SafetensorsFile.Type;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Weights under training in one safetensors file: {@code model/NAME} (float32 masters), the optimizer's moments and counters,
 * and as metadata what the training loop has to remember.
 */
public final class TrainingState {

    private TrainingState() {}

    /** @throws IOException if the file cannot be written; it may be there in part then */
    public static void write(Path file, TrainedWeights weights, SortedMap<String, String> metadata) throws IOException {
        SafetensorsFile.write(file, sources(weights), metadata);
    }

    /** All that is to be kept, as it is when it is read. */
    static List<Source> sources(TrainedWeights weights) {
        var sources = new ArrayList<Source>();
        arrays(weights).forEach((name, array) -> sources.add(source(name, array)));
        return sources;
    }

    /** A state file that is open, with its metadata to look at before the weights are overwritten. */
    public static final class Reader implements AutoCloseable {

        private final SafetensorsFile file;

        public Reader(Path path) throws IOException {
            file = SafetensorsFile.open(path);
        }

        public SortedMap<String, String> metadata() {
            return file.metadata();
        }

        /** @throws IOException if a tensor is missing or has another size; the weights are then as they were */
        public void into(TrainedWeights weights) throws IOException {
            Map<String, NDArray> arrays = arrays(weights);
            for (Map.Entry<String, NDArray> entry : arrays.entrySet()) {
                if (file.tensor(entry.getKey()).bytes().byteSize() != RawData.byteSize(entry.getValue())) {
                    throw new IOException("tensor '" + entry.getKey() + "' has another size than the model's");
                }
            }
            for (Map.Entry<String, NDArray> entry : arrays.entrySet()) {
                Tensor tensor = file.tensor(entry.getKey());
                RawData.write(entry.getValue(), target -> target.copyFrom(tensor.bytes()));
            }
            weights.mastersChanged();
        }

        @Override
        public void close() {
            file.close();
        }
    }

    /** All that is to be kept, by name, sharing memory. */
    static Map<String, NDArray> arrays(TrainedWeights weights) {
        var arrays = new TreeMap<String, NDArray>();
        weights.masters().forEach((name, array) -> arrays.put("model/" + name, array));
        arrays.putAll(weights.optimizerState());
        return arrays;
    }

    /** A copy in memory, from which a file can be written while training goes on. */
    static final class Copy implements AutoCloseable {

        private final Arena arena = Arena.ofShared();
        private final List<Source> sources = new ArrayList<>();

        Copy(TrainedWeights weights) {
            arrays(weights).forEach((name, array) -> {
                MemorySegment copy = arena.allocate(RawData.byteSize(array), Float.BYTES);
                RawData.read(array, bytes -> copy.copyFrom(bytes));
                List<Long> shape =
                        Arrays.stream(array.getShape().getShape()).boxed().toList();
                sources.add(Source.of(name, Type.F32, shape, copy));
            });
        }

        /** In order of name. */
        List<Source> sources() {
            return sources;
        }

        @Override
        public void close() {
            arena.close();
        }
    }

    private static Source source(String name, NDArray array) {
        List<Long> shape = Arrays.stream(array.getShape().getShape()).boxed().toList();
        return new Source(
                name,
                Type.F32,
                shape,
                sink -> RawData.read(array, bytes -> {
                    sink.accept(bytes);
                    return true;
                }));
    }
}
