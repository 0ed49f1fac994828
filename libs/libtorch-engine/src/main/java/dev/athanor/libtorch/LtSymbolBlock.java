package dev.athanor.libtorch;

import ai.djl.MalformedModelException;
import ai.djl.engine.EngineException;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.AbstractSymbolBlock;
import ai.djl.nn.Parameter;
import ai.djl.nn.ParameterList;
import ai.djl.training.ParameterStore;
import ai.djl.util.PairList;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.bytedeco.pytorch.DeviceOptional;
import org.bytedeco.pytorch.IValue;
import org.bytedeco.pytorch.IValueVector;
import org.bytedeco.pytorch.JitModule;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;
import org.jspecify.annotations.Nullable;

/** A TorchScript module for inference (its parameters can be read and trained, its graph not changed). */
final class LtSymbolBlock extends AbstractSymbolBlock implements AutoCloseable {
    private static final byte VERSION = 3;

    private final String uid = NDManager.nextUid();
    private LtNDManager manager;
    private @Nullable JitModule module;
    private @Nullable Boolean mode;
    private @Nullable Map<String, Parameter> parameters;
    private @Nullable PairList<String, Shape> inputs;
    private @Nullable PairList<String, Shape> outputs;

    LtSymbolBlock(LtNDManager manager) {
        this.manager = manager;
        manager.attachInternal(uid, this);
    }

    void load(Path file) throws MalformedModelException {
        try {
            module = NativeCall.value(
                    "load",
                    () -> torch.load(
                                    file.toString(), new DeviceOptional(LtTypes.torchDevice(manager.getDevice())), true)
                            .retainReference());
        } catch (EngineException e) {
            throw new MalformedModelException(file + " is not a TorchScript module: " + e.getMessage(), e);
        }
    }

    private JitModule module() {
        JitModule live = module;
        if (live == null) {
            throw new IllegalStateException("no TorchScript module is loaded, or it has been closed");
        }
        return live;
    }

    @Override
    protected NDList forwardInternal(
            ParameterStore parameterStore,
            NDList arguments,
            boolean training,
            @Nullable PairList<String, Object> params) {
        LtNDManager owner = (LtNDManager) arguments.head().getManager();
        NDList results = NativeCall.value(
                "forward",
                () -> {
                    setMode(training);
                    IValueVector stack = new IValueVector();
                    for (NDArray argument : arguments) {
                        stack.push_back(new IValue(LtNDArray.tensor(argument)));
                    }
                    NDList list = new NDList();
                    collect(owner, module().forward(stack), null, list);
                    return list;
                },
                arguments.toArray());
        if (inputs == null) {
            inputs = describe(arguments);
            outputs = describe(results);
        }
        return results;
    }

    private synchronized void setMode(boolean training) {
        if (mode == null || mode != training) {
            mode = training;
            if (training) {
                module().train();
            } else {
                module().eval();
            }
        }
    }

    private static PairList<String, Shape> describe(NDList arrays) {
        PairList<String, Shape> described = new PairList<>();
        for (NDArray array : arrays) {
            described.add(array.getName(), array.getShape());
        }
        return described;
    }

    /** Tuples and lists come out flat, dictionaries as arrays named by their keys. */
    private static void collect(LtNDManager owner, IValue value, @Nullable String name, NDList results) {
        if (value.isTensor()) {
            LtNDArray array = new LtNDArray(owner, new Tensor(value.toTensor()));
            array.setName(name);
            results.add(array);
        } else if (value.isTensorList()) {
            TensorVector tensors = value.toTensorVector();
            for (long i = 0; i < tensors.size(); i++) {
                results.add(new LtNDArray(owner, new Tensor(tensors.get(i))));
            }
        } else if (value.isTuple()) {
            var elements = value.toTuple().elements();
            for (long i = 0; i < elements.size(); i++) {
                collect(owner, elements.get(i), null, results);
            }
        } else if (value.isList()) {
            var list = value.toList();
            for (long i = 0; i < list.size(); i++) {
                collect(owner, list.get(i), null, results);
            }
        } else if (value.isGenericDict()) {
            var dict = value.toGenericDict();
            for (var at = dict.begin(); at.notEquals(dict.end()); at.increment()) {
                collect(
                        owner,
                        at.access().value(),
                        at.access().key().toStringRef().getString(),
                        results);
            }
        } else {
            throw new IllegalArgumentException("a TorchScript result that is no tensor, tuple, list or dictionary");
        }
    }

    @Override
    public ParameterList getDirectParameters() {
        Map<String, Parameter> known = parameters;
        if (known == null) {
            Map<String, Parameter> found = new LinkedHashMap<>();
            NativeCall.run("parameters", () -> {
                var list = module().named_parameters(true);
                for (var at = list.begin(); at.notEquals(list.end()); at.increment()) {
                    String name = at.access().name().getString();
                    LtNDArray array =
                            new LtNDArray(manager, new Tensor(at.access().value()));
                    array.setName(name);
                    found.put(
                            name,
                            Parameter.builder()
                                    .setName(name)
                                    .setType(type(name))
                                    .optArray(array)
                                    .build());
                }
            });
            parameters = known = found;
        }
        return new ParameterList(known);
    }

    private static Parameter.Type type(String name) {
        if (name.contains("bias")) {
            return Parameter.Type.BIAS;
        }
        return name.contains("weight") ? Parameter.Type.WEIGHT : Parameter.Type.OTHER;
    }

    @Override
    public @Nullable PairList<String, Shape> describeInput() {
        return inputs;
    }

    @Override
    public @Nullable PairList<String, Shape> describeOutput() {
        return outputs;
    }

    @Override
    public Shape[] getOutputShapes(Shape[] inputShapes) {
        DataType[] types = new DataType[inputShapes.length];
        java.util.Arrays.fill(types, DataType.FLOAT32);
        return getOutputShapes(inputShapes, types);
    }

    @Override
    public Shape[] getOutputShapes(Shape[] inputShapes, DataType @Nullable [] dataTypes) {
        try (LtNDManager scratch = manager.newSubManager(null)) {
            NDList list = new NDList();
            for (int i = 0; i < inputShapes.length; i++) {
                list.add(scratch.ones(inputShapes[i], dataTypes == null ? DataType.FLOAT32 : dataTypes[i]));
            }
            return forwardInternal(new ParameterStore(scratch, false), list, false, null).stream()
                    .map(NDArray::getShape)
                    .toArray(Shape[]::new);
        }
    }

    @Override
    public void saveParameters(DataOutputStream os) throws IOException {
        Path file = Files.createTempFile("module", ".pt");
        try {
            NativeCall.run("save", () -> module().save(file.toString()));
            os.writeByte(VERSION);
            os.writeLong(Files.size(file));
            Files.copy(file, os);
        } finally {
            Files.deleteIfExists(file);
        }
    }

    @Override
    public void loadParameters(NDManager manager, DataInputStream is) throws IOException, MalformedModelException {
        byte version = is.readByte();
        if (version != VERSION) {
            throw new MalformedModelException("Unsupported encoding version: " + version);
        }
        long size = is.readLong();
        Path file = Files.createTempFile("module", ".pt");
        try {
            try (var out = Files.newOutputStream(file)) {
                byte[] block = new byte[1 << 16];
                for (long left = size; left > 0; ) {
                    int n = is.read(block, 0, (int) Math.min(block.length, left));
                    if (n < 0) {
                        throw new MalformedModelException("the module ends " + left + " bytes early");
                    }
                    out.write(block, 0, n);
                    left -= n;
                }
            }
            load(file);
        } finally {
            Files.deleteIfExists(file);
        }
    }

    @Override
    public void close() {
        JitModule live = module;
        module = null;
        if (live != null) {
            live.releaseReference();
            manager.detachInternal(uid);
        }
    }
}
