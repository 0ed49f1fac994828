package dev.athanor.lm.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import dev.athanor.lm.Devices;
import dev.athanor.lm.format.SafetensorsFile.Source;
import dev.athanor.lm.format.SafetensorsFile.Type;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SafetensorsFileTest {

    @TempDir
    Path folder;

    @Test
    void whatIsWrittenIsReadAgain() throws IOException {
        Path file = folder.resolve("a.safetensors");
        try (Arena arena = Arena.ofConfined()) {
            SafetensorsFile.write(
                    file,
                    List.of(
                            Source.of("matrix", Type.F32, List.of(2L, 3L), floats(arena, 1, 2, 3, 4, 5, 6)),
                            Source.of("empty", Type.I64, List.of(0L, 4L), arena.allocate(0)),
                            Source.of("scalar", Type.F32, List.of(), floats(arena, 7))),
                    new TreeMap<>(Map.of("format", "pt")));
        }
        try (SafetensorsFile read = SafetensorsFile.open(file)) {
            assertThat(read.metadata()).containsEntry("format", "pt");
            assertThat(read.tensors().keySet()).containsExactly("empty", "matrix", "scalar");
            assertThat(read.tensor("matrix").shape()).containsExactly(2L, 3L);
            assertThat(read.tensor("matrix").bytes().toArray(ValueLayout.JAVA_FLOAT_UNALIGNED))
                    .containsExactly(1, 2, 3, 4, 5, 6);
            assertThat(read.tensor("scalar").elements()).isEqualTo(1);
            assertThatThrownBy(() -> read.tensor("absent")).hasMessageContaining("no tensor 'absent'");
        }
    }

    @Test
    void theOrderOfTheTensorsDoesNotChangeTheBytes() throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            Source a = Source.of("a", Type.U8, List.of(3L), arena.allocate(3));
            Source b = Source.of("b", Type.F32, List.of(1L), floats(arena, 1));
            SafetensorsFile.write(folder.resolve("1"), List.of(a, b), new TreeMap<>());
            SafetensorsFile.write(folder.resolve("2"), List.of(b, a), new TreeMap<>());
        }
        assertThat(folder.resolve("1")).hasSameBinaryContentAs(folder.resolve("2"));
    }

    @Test
    void djlReadsIt() throws IOException {
        Path file = folder.resolve("a.safetensors");
        try (Arena arena = Arena.ofConfined()) {
            SafetensorsFile.write(
                    file,
                    List.of(
                            Source.of("w", Type.F32, List.of(2L, 2L), floats(arena, 1, 2, 3, 4)),
                            Source.of("b", Type.F32, List.of(1L), floats(arena, 5))),
                    new TreeMap<>());
        }
        try (NDManager manager = Devices.engine().newBaseManager();
                var in = Files.newInputStream(file)) {
            NDList list = NDList.decode(manager, in);
            assertThat(list.get("w").toFloatArray()).containsExactly(1, 2, 3, 4);
            assertThat(list.get("b").toFloatArray()).containsExactly(5);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{",
                "[]",
                "{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,16]}}",
                "{\"a\":{\"dtype\":\"F32\",\"shape\":[3],\"data_offsets\":[0,8]}}",
                "{\"a\":{\"dtype\":\"F99\",\"shape\":[2],\"data_offsets\":[0,8]}}",
                "{\"a\":{\"dtype\":\"F32\",\"shape\":[-2],\"data_offsets\":[0,8]}}",
                "{\"a\":{\"dtype\":\"F32\",\"shape\":[4611686018427387904,4],\"data_offsets\":[0,8]}}",
                "{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[4,8]}}",
                "{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]}}",
                "{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]},"
                        + "\"b\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[4,8]}}",
                "{\"a\":{\"dtype\":\"F32\",\"shape\":[2.5],\"data_offsets\":[0,8]}}",
            })
    void aBrokenHeaderIsRefused(String header) throws IOException {
        Path file = folder.resolve("broken.safetensors");
        Files.write(file, bytes(header.length(), header, 8));
        assertThatThrownBy(() -> SafetensorsFile.open(file))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("broken.safetensors");
    }

    @ParameterizedTest
    @ValueSource(longs = {-1, 0, 1000, Long.MAX_VALUE})
    void aHeaderLengthBeyondTheFileIsRefused(long length) throws IOException {
        Path file = folder.resolve("broken.safetensors");
        Files.write(file, bytes(length, "{}", 0));
        assertThatThrownBy(() -> SafetensorsFile.open(file)).isInstanceOf(IOException.class);
    }

    private static byte[] bytes(long length, String header, int data) {
        return ByteBuffer.allocate(8 + header.length() + data)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(length)
                .put(header.getBytes(StandardCharsets.UTF_8))
                .array();
    }

    private static MemorySegment floats(Arena arena, float... values) {
        return arena.allocateFrom(ValueLayout.JAVA_FLOAT, values);
    }
}
