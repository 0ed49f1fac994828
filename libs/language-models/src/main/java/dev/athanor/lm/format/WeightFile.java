package dev.athanor.lm.format;

import ai.djl.ndarray.NDArray;
import dev.athanor.libtorch.RawData;
import dev.athanor.lm.format.SafetensorsFile.Source;
import dev.athanor.lm.format.SafetensorsFile.Tensor;
import dev.athanor.lm.format.SafetensorsFile.Type;
import dev.athanor.lm.format.WeightLayout.Piece;
import dev.athanor.lm.model.ModelConfig;
import dev.athanor.lm.model.ParameterSpec;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;

/** Reads and writes a model's float32 parameters as a safetensors file in a {@link WeightLayout}. */
public final class WeightFile {

    private static final ValueLayout.OfFloat FLOAT =
            ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfShort SHORT =
            ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private static final List<Type> FLOATS = List.of(Type.F32, Type.F16, Type.BF16, Type.F64);

    private WeightFile() {}

    /**
     * Writes float32 arrays.
     *
     * @param parameters by the names of {@link ParameterSpec}; further ones are written under their own names
     */
    public static void write(Path file, ModelConfig config, WeightLayout layout, Map<String, NDArray> parameters)
            throws IOException {
        var sources = new ArrayList<Source>();
        Map<String, ParameterSpec> specs = specs(config);
        for (Piece piece : layout.pieces(config)) {
            Matrix matrix = Matrix.of(specs, piece);
            NDArray array = parameters.get(piece.parameter());
            if (array == null) {
                throw new IllegalArgumentException("the parameters lack '" + piece.parameter() + "'");
            }
            sources.add(new Source(
                    piece.external(),
                    Type.F32,
                    matrix.externalShape(),
                    sink -> RawData.read(array, all -> {
                        matrix.give(all, sink);
                        return true;
                    })));
        }
        parameters.forEach((name, array) -> {
            if (!specs.containsKey(name)) {
                sources.add(extra(name, array));
            }
        });
        var metadata = new TreeMap<>(Map.of("format", "pt"));
        SafetensorsFile.write(file, sources, metadata);
    }

    private static Source extra(String name, NDArray array) {
        return new Source(
                name,
                Type.F32,
                shape(array),
                sink -> RawData.read(array, all -> {
                    sink.accept(all);
                    return true;
                }));
    }

    /**
     * Reads weights of type F32, F16, BF16 or F64 into float32 arrays that exist already.
     *
     * @param file a safetensors file; where it is not there but {@code FILE.index.json} is, the files that this names
     * @param parameters by the names of {@link ParameterSpec}, all of the configuration's; further ones are read under their own
     *     names
     * @throws IOException if the file lacks one or its shape differs
     */
    public static void read(Path file, ModelConfig config, WeightLayout layout, Map<String, NDArray> parameters)
            throws IOException {
        Map<String, ParameterSpec> specs = specs(config);
        try (SafetensorsShards source = SafetensorsShards.open(file)) {
            for (Map.Entry<String, NDArray> entry : parameters.entrySet()) {
                String name = entry.getKey();
                if (!specs.containsKey(name)) {
                    Tensor tensor = withShape(source.tensor(name), shape(entry.getValue()));
                    RawData.write(entry.getValue(), target -> copy(tensor, target));
                    continue;
                }
                for (Piece piece : layout.pieces(config)) {
                    if (piece.parameter().equals(name)) {
                        Matrix matrix = Matrix.of(specs, piece);
                        Tensor tensor = find(source, piece, matrix.externalShape());
                        RawData.write(entry.getValue(), target -> matrix.fill(target, tensor));
                    }
                }
            }
        }
    }

    /**
     * Looks whether a file has all of a configuration's parameters in the right shapes and a type that {@link #read} knows. After it, arrays of the
     * parameters take at most twice the file's size.
     *
     * @throws IOException if it lacks one, or has one of another shape or type
     */
    public static void check(Path file, ModelConfig config, WeightLayout layout) throws IOException {
        Map<String, ParameterSpec> specs = specs(config);
        try (SafetensorsShards source = SafetensorsShards.open(file)) {
            for (Piece piece : layout.pieces(config)) {
                find(source, piece, Matrix.of(specs, piece).externalShape());
            }
        }
    }

    /** Names of all tensors. */
    public static Set<String> names(Path file) throws IOException {
        try (SafetensorsShards source = SafetensorsShards.open(file)) {
            return Set.copyOf(source.tensors().keySet());
        }
    }

    private static Tensor find(SafetensorsShards source, Piece piece, List<Long> shape) throws IOException {
        for (String name : piece.names()) {
            if (source.tensors().containsKey(name)) {
                return withShape(source.tensor(name), shape);
            }
        }
        return source.tensor(piece.external());
    }

    private static List<Long> shape(NDArray array) {
        return Arrays.stream(array.getShape().getShape()).boxed().toList();
    }

    private static Tensor withShape(Tensor tensor, List<Long> shape) throws IOException {
        if (!tensor.shape().equals(shape)) {
            throw new IOException("tensor '" + tensor.name() + "' has shape " + tensor.shape()
                    + ", the configuration needs " + shape);
        }
        if (!FLOATS.contains(tensor.type())) {
            throw new IOException(
                    "tensor '" + tensor.name() + "' has type " + tensor.type() + ", expected one of " + FLOATS);
        }
        return tensor;
    }

    private static void copy(Tensor tensor, MemorySegment target) {
        for (long i = 0; i < tensor.elements(); i++) {
            target.setAtIndex(FLOAT, i, value(tensor, i));
        }
    }

    private static Map<String, ParameterSpec> specs(ModelConfig config) {
        var specs = new LinkedHashMap<String, ParameterSpec>();
        ParameterSpec.of(config).forEach(spec -> specs.put(spec.name(), spec));
        return specs;
    }

    private static float value(Tensor tensor, long i) {
        return switch (tensor.type()) {
            case F32 -> tensor.bytes().getAtIndex(FLOAT, i);
            case BF16 -> Float.intBitsToFloat(tensor.bytes().getAtIndex(SHORT, i) << 16);
            case F16 -> Float.float16ToFloat(tensor.bytes().getAtIndex(SHORT, i));
            case F64 ->
                (float) tensor.bytes()
                        .getAtIndex(ValueLayout.JAVA_DOUBLE_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN), i);
            default -> throw new IllegalStateException("type " + tensor.type() + " was not refused");
        };
    }

    /** Rows of a parameter, and how they lie in the file. A vector counts as a matrix of one column. */
    private record Matrix(long fromRow, long rows, long columns, boolean vector, boolean transposed) {

        static Matrix of(Map<String, ParameterSpec> specs, Piece piece) {
            ParameterSpec spec = specs.get(piece.parameter());
            if (spec == null) {
                throw new IllegalArgumentException("the configuration has no parameter '" + piece.parameter() + "'");
            }
            boolean vector = spec.shape().size() == 1;
            long rows = piece.rows() == Piece.ALL ? spec.shape().getFirst() : piece.rows();
            return new Matrix(
                    piece.fromRow(), rows, vector ? 1 : spec.shape().get(1), vector, piece.transposed() && !vector);
        }

        List<Long> externalShape() {
            return vector ? List.of(rows) : transposed ? List.of(columns, rows) : List.of(rows, columns);
        }

        MemorySegment slice(MemorySegment parameter) {
            return parameter.asSlice(fromRow * columns * Float.BYTES, rows * columns * Float.BYTES);
        }

        /** The bytes for the file. */
        void give(MemorySegment parameter, Consumer<MemorySegment> sink) {
            MemorySegment source = slice(parameter);
            if (!transposed) {
                sink.accept(source);
                return;
            }
            try (Arena arena = Arena.ofConfined()) {
                MemorySegment target = arena.allocate(source.byteSize(), Long.BYTES);
                for (long r = 0; r < rows; r++) {
                    for (long c = 0; c < columns; c++) {
                        target.setAtIndex(FLOAT, c * rows + r, source.getAtIndex(FLOAT, r * columns + c));
                    }
                }
                sink.accept(target);
            }
        }

        void fill(MemorySegment parameter, Tensor tensor) {
            MemorySegment target = slice(parameter);
            if (!transposed && tensor.type() == Type.F32) {
                target.copyFrom(tensor.bytes());
                return;
            }
            for (long r = 0; r < rows; r++) {
                for (long c = 0; c < columns; c++) {
                    target.setAtIndex(
                            FLOAT, r * columns + c, value(tensor, transposed ? c * rows + r : r * columns + c));
                }
            }
        }
    }
}
