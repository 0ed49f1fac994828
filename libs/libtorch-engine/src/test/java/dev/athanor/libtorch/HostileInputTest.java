package dev.athanor.libtorch;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.Device;
import ai.djl.Model;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.lang.foreign.MemorySegment;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.JitModule;
import org.bytedeco.pytorch.QualifiedName;
import org.bytedeco.pytorch.global.torch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What makes no sense or means harm ends in an exception, never in the end of the process. */
class HostileInputTest {
    private static final DataType[] TYPES = {
        DataType.FLOAT32, DataType.FLOAT64, DataType.BFLOAT16, DataType.INT32, DataType.INT64, DataType.BOOLEAN
    };

    private interface Attempt {
        void run() throws Exception;
    }

    private int completed;
    private int refused;

    /** Only exceptions may come out: an error of the JVM would be a fault of the engine. */
    private void attempt(Attempt attempt) {
        try {
            attempt.run();
            completed++;
        } catch (InvocationTargetException e) {
            assertThat(e.getCause()).isInstanceOf(Exception.class);
            refused++;
        } catch (Exception e) {
            refused++;
        }
    }

    private static NDArray array(NDManager manager, Random random) {
        long[] sizes = random.longs(random.nextInt(5), 0, 5).toArray();
        NDArray array = manager.randomInteger(-3, 6, new Shape(sizes), DataType.FLOAT32)
                .toType(TYPES[random.nextInt(TYPES.length)], false);
        if (random.nextInt(25) == 0) {
            array.close();
        }
        return array;
    }

    @Test
    void indicesOfAllForms() {
        Random random = new Random(7);
        String[] parts = {
            ":", "*", "...", "0", "1", "-1", "-9", "99", "1:", ":2", "-2:", "::2", "3:1", "0:9:3", "::0", "::-1",
            "null", "{}"
        };
        for (int i = 0; i < 1200; i++) {
            try (NDManager manager = NDManager.newBaseManager(Device.cpu(), "LibTorch")) {
                NDArray target = array(manager, random);
                attempt(() -> {
                    StringBuilder text = new StringBuilder();
                    int count = 1 + random.nextInt(4);
                    List<NDArray> arrays = new ArrayList<>();
                    for (int p = 0; p < count; p++) {
                        String part = parts[random.nextInt(parts.length)];
                        text.append(p == 0 ? "" : ",").append(part);
                        if (part.equals("{}")) {
                            arrays.add(array(manager, random));
                        }
                    }
                    NDIndex index = new NDIndex(text.toString(), arrays.toArray());
                    switch (random.nextInt(5)) {
                        case 0 -> target.set(index, random.nextInt(9));
                        case 1 -> target.set(index, array(manager, random));
                        case 2 -> target.setScalar(index, 1.5);
                        case 3 ->
                            target.get(
                                    new NDIndex().addAllDim(random.nextInt(3)).addPickDim(array(manager, random)));
                        default -> target.get(index).sum();
                    }
                });
            }
        }
        assertThat(completed).isGreaterThan(100);
        assertThat(refused).isGreaterThan(100);
    }

    @Test
    void functionsWithWhatDoesNotFit() {
        Random random = new Random(8);
        Method[] methods = Arrays.stream(LtFunctions.class.getDeclaredMethods())
                .filter(m -> Modifier.isPublic(m.getModifiers()))
                .sorted(Comparator.comparing(Method::toString))
                .toArray(Method[]::new);
        for (Method method : methods) {
            for (int i = 0; i < 40; i++) {
                try (NDManager manager = NDManager.newBaseManager(Device.cpu(), "LibTorch")) {
                    Object[] arguments = Arrays.stream(method.getParameterTypes())
                            .map(type -> argument(manager, type, random))
                            .toArray();
                    attempt(() -> {
                        try (Autograd.Scope recording = Autograd.record()) {
                            Object result = method.invoke(null, arguments);
                            if (result instanceof NDArray y && y.hasGradient()) {
                                Autograd.backward(y.sum());
                            }
                        }
                    });
                }
            }
        }
        assertThat(refused).isGreaterThan(100);
    }

    private static Object argument(NDManager manager, Class<?> type, Random random) {
        if (type == NDArray.class) {
            NDArray array = array(manager, random);
            if (!array.isReleased() && array.getDataType() == DataType.FLOAT32 && random.nextBoolean()) {
                array.setRequiresGradient(true);
            }
            return random.nextInt(15) == 0 ? null : array;
        } else if (type == int.class) {
            return random.nextInt(7) - 2;
        } else if (type == long.class) {
            return (long) random.nextInt(7) - 2;
        } else if (type == double.class || type == Double.class) {
            return random.nextGaussian();
        } else if (type == boolean.class) {
            return random.nextBoolean();
        } else if (type == long[].class) {
            return random.longs(random.nextInt(4), -1, 4).toArray();
        } else if (type == double[].class) {
            return random.doubles(random.nextInt(4)).toArray();
        }
        return null;
    }

    @Test
    void lossesOptimizersAndBytes() {
        Random random = new Random(9);
        for (int i = 0; i < 400; i++) {
            try (NDManager manager = NDManager.newBaseManager(Device.cpu(), "LibTorch")) {
                NDArray a = array(manager, random);
                NDArray b = array(manager, random);
                NDArray c = array(manager, random);
                attempt(() -> new FusedCrossEntropy(1 + random.nextInt(3), -100).backward(a, b, null, c));
                attempt(() ->
                        new FusedCrossEntropy(2, -100).perToken(a, b, c, a).sum());
                attempt(() -> RawData.write(a, segment -> segment.fill((byte) 1)));
                attempt(() -> RawData.read(a, MemorySegment::byteSize));
                attempt(() -> a.set(ByteBuffer.allocate(random.nextInt(64))));
                attempt(() -> {
                    a.setRequiresGradient(true);
                    try (FusedAdamW optimizer = new FusedAdamW(
                            List.of(new FusedAdamW.Group(Map.of("w", a), 0.1)), new FusedAdamW.Options())) {
                        optimizer.collectGradients();
                        optimizer.clipGradients(random.nextInt(2));
                        optimizer.step(1e-3);
                    }
                });
            }
        }
        NDManager manager = NDManager.newBaseManager(Device.cpu(), "LibTorch");
        NDArray hidden = manager.ones(new Shape(3, 4));
        NDArray head = manager.ones(new Shape(5, 4));
        for (long target : new long[] {5, -1, Long.MAX_VALUE, Long.MIN_VALUE}) {
            int before = refused;
            attempt(() ->
                    new FusedCrossEntropy().perToken(hidden, head, null, manager.create(new long[] {0, target, 1})));
            assertThat(refused).as("class %s of 5", target).isEqualTo(before + 1);
        }
        manager.close();
    }

    @Test
    void listsThatAreCutOrChanged() {
        Random random = new Random(10);
        try (NDManager manager = NDManager.newBaseManager(Device.cpu(), "LibTorch")) {
            NDList list = new NDList(manager.ones(new Shape(3, 4)), manager.arange(7));
            list.get(0).setName("first");
            list.get(1).setName("second");
            for (NDList.Encoding encoding : NDList.Encoding.values()) {
                byte[] whole = list.encode(encoding);
                for (int i = 0; i < 300; i++) {
                    byte[] bytes = Arrays.copyOf(whole, i % 2 == 0 ? random.nextInt(whole.length) : whole.length);
                    // DJL reads these itself, and believes the lengths at the start of two of them: it asks for that
                    // much memory.
                    int from = switch (encoding) {
                        case NPZ -> 0;
                        case SAFETENSORS -> 8;
                        default -> bytes.length;
                    };
                    for (int change = random.nextInt(4); change > 0 && bytes.length > from; change--) {
                        bytes[random.nextInt(from, bytes.length)] = (byte) random.nextInt(256);
                    }
                    attempt(() -> NDList.decode(manager, bytes));
                }
            }
            for (String header : new String[] {
                "{\"a\":{\"dtype\":\"F32\",\"shape\":[1000000000,1000000000],\"data_offsets\":[0,8]}}",
                "{\"a\":{\"dtype\":\"F32\",\"shape\":[-1],\"data_offsets\":[0,4]}}",
                "{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[4,0]}}",
                "{\"a\":{\"dtype\":\"Q9\",\"shape\":[2],\"data_offsets\":[0,8]}}",
                "[]",
                "{"
            }) {
                byte[] text = header.getBytes(StandardCharsets.UTF_8);
                ByteBuffer file = ByteBuffer.allocate(8 + text.length + 8).order(ByteOrder.LITTLE_ENDIAN);
                file.putLong(text.length).put(text);
                attempt(() -> NDList.decode(manager, file.array()));
            }
        }
        assertThat(refused).isGreaterThan(200);
    }

    @Test
    void modulesThatAreCutOrChanged(@TempDir Path folder) throws Exception {
        Path whole = folder.resolve("whole.pt");
        try (PointerScope scope = new PointerScope()) {
            JitModule written = new JitModule(new QualifiedName("m"));
            written.register_parameter("weight", torch.ones(2, 2), false);
            written.define("def forward(self, x):\n    return x @ self.weight\n");
            written.save(whole.toString());
        }
        byte[] module = Files.readAllBytes(whole);
        Random random = new Random(11);
        for (int i = 0; i < 60; i++) {
            byte[] bytes = Arrays.copyOf(module, i % 2 == 0 ? random.nextInt(module.length) : module.length);
            for (int change = 0; change < 3 && bytes.length > 0; change++) {
                bytes[random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(8));
            }
            Files.write(folder.resolve("m.pt"), bytes);
            attempt(() -> {
                try (Model model = Model.newInstance("m", Device.cpu(), "LibTorch")) {
                    model.load(folder, "m");
                }
            });
        }
        assertThat(refused).isGreaterThan(20);
    }
}
