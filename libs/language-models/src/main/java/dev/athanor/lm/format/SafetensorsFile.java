package dev.athanor.lm.format;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * A file in the safetensors format (github.com/huggingface/safetensors), memory-mapped for reading: 8 bytes header length (little
 * endian), a JSON header of names, types, shapes and byte ranges, then the bytes. The file is taken as hostile: every range is
 * checked against the file, its shape, and its neighbours before it can be read. Sizes are 64-bit throughout.
 */
public final class SafetensorsFile implements AutoCloseable {

    /** As in the reference implementation. */
    private static final long MAX_HEADER_BYTES = 100_000_000;

    private static final int WRITE_CHUNK = 1 << 24;
    private static final JsonMapper JSON = JsonMapper.builder(JsonFactory.builder()
                    .streamReadConstraints(
                            StreamReadConstraints.builder().maxNestingDepth(4).build())
                    .build())
            .build();

    /** Element types, in the reference's order of alignment. */
    public enum Type {
        BOOL(1),
        U8(1),
        I8(1),
        I16(2),
        U16(2),
        F16(2),
        BF16(2),
        I32(4),
        U32(4),
        F32(4),
        F64(8),
        I64(8),
        U64(8);

        private final int bytes;

        Type(int bytes) {
            this.bytes = bytes;
        }

        public int bytes() {
            return bytes;
        }
    }

    /** A tensor in the file; the segment is read-only and lives as long as the file is open. */
    public record Tensor(String name, Type type, List<Long> shape, MemorySegment bytes) {

        public long elements() {
            return SafetensorsFile.elements(shape);
        }
    }

    /**
     * A tensor to write.
     *
     * @param bytes calls its argument once with the tensor's bytes, row-major, little endian
     */
    public record Source(String name, Type type, List<Long> shape, Consumer<Consumer<MemorySegment>> bytes) {

        public Source {
            shape = List.copyOf(shape);
        }

        public static Source of(String name, Type type, List<Long> shape, MemorySegment segment) {
            return new Source(name, type, shape, sink -> sink.accept(segment));
        }

        /** As its shape needs. */
        public long byteSize() {
            return Math.multiplyExact(elements(shape), type.bytes);
        }
    }

    private final Arena arena;
    private final SortedMap<String, Tensor> tensors = new TreeMap<>();
    private final SortedMap<String, String> metadata = new TreeMap<>();

    private SafetensorsFile(Arena arena) {
        this.arena = arena;
    }

    /** @throws IOException if the file cannot be read or breaks the format; the message says where */
    @SuppressWarnings("MustBeClosedChecker") // the arena is closed with the file
    public static SafetensorsFile open(Path path) throws IOException {
        Arena arena = Arena.ofShared();
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
            var file = new SafetensorsFile(arena);
            file.parse(channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size(), arena));
            return file;
        } catch (IOException | RuntimeException e) {
            arena.close();
            throw e instanceof IOException io
                    ? new IOException(path.getFileName() + ": " + io.getMessage(), io)
                    : new IOException(path.getFileName() + " is not a safetensors file: " + e.getMessage(), e);
        }
    }

    /** By name, sorted. */
    public SortedMap<String, Tensor> tensors() {
        return tensors;
    }

    /** Free text of the writer. */
    public SortedMap<String, String> metadata() {
        return metadata;
    }

    /** @throws IOException if there is none of this name */
    public Tensor tensor(String name) throws IOException {
        Tensor tensor = tensors.get(name);
        if (tensor == null) {
            throw new IOException("no tensor '" + name + "'; there are " + tensors.size() + ", e.g. "
                    + tensors.keySet().stream().limit(5).toList());
        }
        return tensor;
    }

    @Override
    public void close() {
        arena.close();
    }

    private void parse(MemorySegment all) throws IOException {
        check(all.byteSize() >= 8, "shorter than the 8 bytes of the header's length");
        long headerBytes = all.get(ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN), 0);
        check(
                headerBytes > 0 && headerBytes <= Math.min(MAX_HEADER_BYTES, all.byteSize() - 8),
                "header length " + headerBytes + " in a file of " + all.byteSize() + " bytes");
        JsonNode header;
        try {
            header = JSON.readTree(all.asSlice(8, headerBytes).toArray(ValueLayout.JAVA_BYTE));
        } catch (JacksonException e) {
            throw new IOException("the header is not JSON: " + e.getOriginalMessage(), e);
        }
        check(header.isObject(), "the header is not a JSON object");
        MemorySegment data = all.asSlice(8 + headerBytes).asReadOnly();
        var ranges = new ArrayList<long[]>();
        for (Map.Entry<String, JsonNode> entry : header.properties()) {
            if (entry.getKey().equals("__metadata__")) {
                entry.getValue()
                        .properties()
                        .forEach(e -> metadata.put(e.getKey(), e.getValue().asString()));
            } else {
                ranges.add(addTensor(entry.getKey(), entry.getValue(), data));
            }
        }
        ranges.sort(Comparator.comparingLong((long[] r) -> r[0]).thenComparingLong(r -> r[1]));
        long end = 0;
        for (long[] range : ranges) {
            check(range[0] == end, "byte " + end + " of the data belongs to no tensor, or to two");
            end = range[1];
        }
        check(end == data.byteSize(), "the tensors end at byte " + end + " of " + data.byteSize());
    }

    private long[] addTensor(String name, JsonNode info, MemorySegment data) throws IOException {
        Type type = Arrays.stream(Type.values())
                .filter(t -> t.name().equals(info.path("dtype").asString("")))
                .findFirst()
                .orElseThrow(() -> new IOException("tensor '" + name + "' has unknown dtype " + info.path("dtype")));
        List<Long> shape = longs(name, info.path("shape"));
        List<Long> offsets = longs(name, info.path("data_offsets"));
        check(offsets.size() == 2, "tensor '" + name + "' needs two data_offsets");
        long from = offsets.get(0);
        long to = offsets.get(1);
        check(from <= to && to <= data.byteSize(), "tensor '" + name + "' lies outside the file");
        long bytes;
        try {
            bytes = Math.multiplyExact(elements(shape), type.bytes);
        } catch (ArithmeticException e) {
            throw new IOException("tensor '" + name + "' of shape " + shape + " is too large", e);
        }
        check(to - from == bytes, "tensor '" + name + "' has " + (to - from) + " bytes, its shape needs " + bytes);
        tensors.put(name, new Tensor(name, type, shape, data.asSlice(from, to - from)));
        return new long[] {from, to};
    }

    private static List<Long> longs(String name, JsonNode array) throws IOException {
        check(array.isArray(), "tensor '" + name + "' lacks shape or data_offsets");
        var values = new ArrayList<Long>();
        for (JsonNode value : array) {
            check(
                    value.isIntegralNumber() && value.canConvertToLong() && value.asLong() >= 0,
                    "tensor '" + name + "' has a size that is no whole number: " + value);
            values.add(value.asLong());
        }
        return List.copyOf(values);
    }

    private static long elements(List<Long> shape) {
        return shape.stream().reduce(1L, Math::multiplyExact);
    }

    private static void check(boolean holds, String otherwise) throws IOException {
        if (!holds) {
            throw new IOException(otherwise);
        }
    }

    /**
     * Writes the file anew and forces it to disk. Tensors are laid out by falling element size and then by name, as the reference
     * does, so equal content gives equal bytes.
     */
    public static void write(Path path, List<Source> sources, SortedMap<String, String> metadata) throws IOException {
        List<Source> ordered = sources.stream()
                .sorted(Comparator.comparing((Source s) -> s.type.bytes)
                        .reversed()
                        .thenComparing(Source::name))
                .toList();
        byte[] header = header(ordered, metadata);
        try (FileChannel channel = FileChannel.open(
                path, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.WRITE)) {
            ByteBuffer length =
                    ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putLong(header.length);
            writeFully(channel, MemorySegment.ofBuffer(length.flip()));
            writeFully(channel, MemorySegment.ofArray(header));
            for (Source source : ordered) {
                writeTensor(channel, source);
            }
            channel.force(true);
        }
    }

    private static byte[] header(List<Source> ordered, SortedMap<String, String> metadata) {
        ObjectNode header = JSON.createObjectNode();
        if (!metadata.isEmpty()) {
            ObjectNode free = header.putObject("__metadata__");
            metadata.forEach(free::put);
        }
        long offset = 0;
        var names = new LinkedHashMap<String, Source>();
        for (Source source : ordered) {
            if (names.put(source.name, source) != null) {
                throw new IllegalArgumentException("two tensors are named '" + source.name + "'");
            }
            ObjectNode info = header.putObject(source.name);
            info.put("dtype", source.type.name());
            ArrayNode shape = info.putArray("shape");
            source.shape.forEach(shape::add);
            info.putArray("data_offsets").add(offset).add(offset + source.byteSize());
            offset += source.byteSize();
        }
        String json = JSON.writeValueAsString(header);
        int padded = (json.getBytes(StandardCharsets.UTF_8).length + 7) / 8 * 8;
        byte[] bytes = Arrays.copyOf(json.getBytes(StandardCharsets.UTF_8), padded);
        Arrays.fill(bytes, json.getBytes(StandardCharsets.UTF_8).length, padded, (byte) ' ');
        return bytes;
    }

    private static void writeTensor(FileChannel channel, Source source) throws IOException {
        var failure = new IOException[1];
        var written = new long[1];
        source.bytes.accept(segment -> {
            try {
                written[0] += segment.byteSize();
                writeFully(channel, segment);
            } catch (IOException e) {
                failure[0] = e;
            }
        });
        if (failure[0] != null) {
            throw failure[0];
        }
        if (written[0] != source.byteSize()) {
            throw new IllegalStateException(
                    "tensor '" + source.name + "' gave " + written[0] + " bytes, its shape needs " + source.byteSize());
        }
    }

    private static void writeFully(FileChannel channel, MemorySegment segment) throws IOException {
        for (long at = 0; at < segment.byteSize(); at += WRITE_CHUNK) {
            ByteBuffer buffer = segment.asSlice(at, Math.min(WRITE_CHUNK, segment.byteSize() - at))
                    .asByteBuffer();
            while (buffer.hasRemaining()) {
                channel.write(buffer);
            }
        }
    }
}
