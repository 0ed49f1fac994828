package dev.athanor.libtorch;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.util.PairList;
import java.util.concurrent.ConcurrentHashMap;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.pytorch.Argument;
import org.bytedeco.pytorch.Dispatcher;
import org.bytedeco.pytorch.FunctionSchema;
import org.bytedeco.pytorch.GenericList;
import org.bytedeco.pytorch.IValue;
import org.bytedeco.pytorch.IValueVector;
import org.bytedeco.pytorch.LongList;
import org.bytedeco.pytorch.OperatorHandle;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorList;
import org.bytedeco.pytorch.TensorVector;
import org.jspecify.annotations.Nullable;

/**
 * Any operator of libtorch by its schema name, through the dispatcher: also those without a C++ function, such as the fused
 * optimizers. A call costs a few microseconds more than a direct one.
 */
final class Operators {
    private static final ConcurrentHashMap<String, Operators> CACHE = new ConcurrentHashMap<>();

    private final OperatorHandle handle;

    private Operators(OperatorHandle handle) {
        this.handle = handle;
    }

    /** @param name {@code namespace::name} or {@code namespace::name.overload} */
    static Operators find(String name) {
        return CACHE.computeIfAbsent(name, key -> {
            int dot = key.indexOf('.');
            String base = dot < 0 ? key : key.substring(0, dot);
            String overload = dot < 0 ? "" : key.substring(dot + 1);
            OperatorHandle handle = new OperatorHandle(Dispatcher.singleton().findSchemaOrThrow(base, overload));
            handle.retainReference();
            return new Operators(handle);
        });
    }

    /** Call inside a pointer scope. */
    IValueVector call(IValue... arguments) {
        IValueVector stack = new IValueVector(arguments);
        handle.callBoxed(stack);
        return stack;
    }

    static IValue list(TensorVector tensors) {
        // A List<Tensor> and a List<IValue> have the same layout.
        return new IValue(new GenericList((Pointer) new TensorList(tensors)));
    }

    /** A list of integers. An IValue of an array reference would hold the bare pointer and abort when it is released. */
    static IValue longs(long... values) {
        return new IValue(new GenericList((Pointer) new LongList(values)));
    }

    static IValue none() {
        return new IValue();
    }

    static NDList invoke(LtNDManager manager, String name, NDList sources, @Nullable PairList<String, ?> params) {
        String key = name.contains("::") ? name : "aten::" + name;
        return NativeCall.value(
                name,
                () -> {
                    Operators operator = find(key);
                    FunctionSchema schema = operator.handle.schema();
                    Argument arguments = schema.arguments();
                    IValueVector stack = new IValueVector();
                    for (long i = 0; i < arguments.limit(); i++) {
                        if (i < sources.size()) {
                            stack.push_back(new IValue(LtNDArray.tensor(sources.get((int) i))));
                            continue;
                        }
                        String argument = arguments.getPointer(i).name().getString();
                        Object value = params == null ? null : params.get(argument);
                        if (value != null) {
                            stack.push_back(value(argument, value));
                        } else if (arguments.getPointer(i).default_value().has_value()) {
                            stack.push_back(
                                    arguments.getPointer(i).default_value().get());
                        } else {
                            throw new IllegalArgumentException(name + ": argument " + argument + " is missing");
                        }
                    }
                    operator.handle.callBoxed(stack);
                    NDList results = new NDList();
                    for (long i = 0; i < stack.size(); i++) {
                        collect(manager, stack.get(i), results);
                    }
                    return results;
                },
                sources.toArray());
    }

    private static void collect(LtNDManager manager, IValue value, NDList results) {
        if (value.isTensor()) {
            results.add(new LtNDArray(manager, new Tensor(value.toTensor())));
        } else if (value.isTensorList()) {
            TensorVector tensors = value.toTensorVector();
            for (long i = 0; i < tensors.size(); i++) {
                results.add(new LtNDArray(manager, new Tensor(tensors.get(i))));
            }
        }
    }

    private static IValue value(String argument, Object value) {
        return switch (value) {
            case NDArray array -> new IValue(LtNDArray.tensor(array));
            case Boolean b -> new IValue(b.booleanValue());
            case Integer i -> new IValue(new Scalar((long) i));
            case Long l -> new IValue(new Scalar(l.longValue()));
            case Float f -> new IValue(f.doubleValue());
            case Double d -> new IValue(d.doubleValue());
            case String s -> new IValue(s);
            case long[] longs -> longs(longs);
            case int[] ints -> longs(LtTypes.longs(ints));
            default ->
                throw new IllegalArgumentException(
                        "argument " + argument + " of type " + value.getClass().getName() + " is not supported");
        };
    }
}
