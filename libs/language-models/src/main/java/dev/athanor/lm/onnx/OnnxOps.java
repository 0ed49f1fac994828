package dev.athanor.lm.onnx;

import ai.djl.ndarray.NDArray;
import dev.athanor.lm.onnx.OnnxGraph.Attribute;
import dev.athanor.lm.onnx.OnnxGraph.Value;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** The standard operators (onnx.ai/onnx/operators, opset 17) that a transformer is made of, and constants for them. */
record OnnxOps(OnnxGraph graph, Map<String, NDArray> weights) {

    boolean has(String weight) {
        return weights.containsKey(weight);
    }

    Value weight(String name) {
        NDArray array = weights.get(name);
        if (array == null) {
            throw new IllegalArgumentException("the weights lack '" + name + "'");
        }
        return graph.constant(OnnxTensor.of(name, array));
    }

    /** A vector of int64. */
    Value ints(long... values) {
        String name = Arrays.stream(values).mapToObj(Long::toString).collect(Collectors.joining(",", "[", "]"));
        return graph.constant(OnnxTensor.ofInts(name, List.of((long) values.length), values));
    }

    /** A scalar of int64. */
    Value integer(long value) {
        return graph.constant(OnnxTensor.ofInts(Long.toString(value), List.of(), new long[] {value}));
    }

    /** A scalar of float32. */
    Value number(double value) {
        return graph.constant(
                OnnxTensor.ofFloats(Float.toString((float) value) + "f", List.of(), new float[] {(float) value}));
    }

    Value of(String operator, Value... from) {
        return graph.node(operator, List.of(from));
    }

    Value add(Value a, Value b) {
        return of("Add", a, b);
    }

    Value sub(Value a, Value b) {
        return of("Sub", a, b);
    }

    Value mul(Value a, Value b) {
        return of("Mul", a, b);
    }

    Value matMul(Value a, Value b) {
        return of("MatMul", a, b);
    }

    /** Rows [N, in] times the weight [out, in] of this name, plus its bias where there is one. */
    Value linear(Value x, String name) {
        Value weight = weight(name + ".weight");
        return has(name + ".bias") ? product(x, weight, weight(name + ".bias")) : product(x, weight);
    }

    /** Rows [N, in] times [out, in], plus [out] if given. */
    Value product(Value x, Value... weightAndBias) {
        List<Value> from = java.util.stream.Stream.concat(java.util.stream.Stream.of(x), Arrays.stream(weightAndBias))
                .toList();
        return graph.node("Gemm", from, Attribute.of("transB", 1L));
    }

    Value layerNorm(Value x, String name, double epsilon) {
        List<Value> from = has(name + ".bias")
                ? List.of(x, weight(name + ".weight"), weight(name + ".bias"))
                : List.of(x, weight(name + ".weight"));
        return graph.node("LayerNormalization", from, Attribute.of("axis", -1L), Attribute.of("epsilon", epsilon));
    }

    /** By its parts: an operator of its own came with opset 23. */
    Value rmsNorm(Value x, String name, double epsilon) {
        Value squares = graph.node(
                "ReduceMean", List.of(mul(x, x)), Attribute.of("axes", new long[] {-1}), Attribute.of("keepdims", 1L));
        return mul(of("Div", x, of("Sqrt", add(squares, number(epsilon)))), weight(name + ".weight"));
    }

    Value softmax(Value x) {
        return graph.node("Softmax", List.of(x), Attribute.of("axis", -1L));
    }

    Value silu(Value x) {
        return mul(x, of("Sigmoid", x));
    }

    Value gelu(Value x) {
        Value erf = of("Erf", mul(x, number(Math.sqrt(0.5))));
        return mul(mul(x, number(0.5)), add(erf, number(1)));
    }

    Value geluTanh(Value x) {
        Value cubic = add(x, mul(mul(mul(x, x), x), number(0.044715)));
        Value tanh = of("Tanh", mul(cubic, number(Math.sqrt(2 / Math.PI))));
        return mul(mul(x, number(0.5)), add(tanh, number(1)));
    }

    /** Rows of a table. */
    Value gather(Value table, Value rows) {
        return graph.node("Gather", List.of(table, rows), Attribute.of("axis", 0L));
    }

    Value gatherElements(Value from, Value index, long axis) {
        return graph.node("GatherElements", List.of(from, index), Attribute.of("axis", axis));
    }

    Value reshape(Value x, Value shape) {
        return of("Reshape", x, shape);
    }

    Value transpose(Value x, long... order) {
        return graph.node("Transpose", List.of(x), Attribute.of("perm", order));
    }

    Value unsqueeze(Value x, long... axes) {
        return of("Unsqueeze", x, ints(axes));
    }

    Value concat(long axis, Value... parts) {
        return graph.node("Concat", List.of(parts), Attribute.of("axis", axis));
    }

    /** Pieces of these sizes of the last axis. */
    List<Value> split(Value x, long... sizes) {
        return graph.nodes("Split", sizes.length, List.of(x, ints(sizes)), Attribute.of("axis", -1L));
    }

    /** Positions {@code from … to-1} of an axis, both vectors of one int64. */
    Value slice(Value x, Value from, Value to, long axis) {
        return of("Slice", x, from, to, ints(axis));
    }

    /** Size of an axis, as a vector of one int64. */
    Value size(Value x, long axis) {
        return graph.node("Shape", List.of(x), Attribute.of("start", axis), Attribute.of("end", axis + 1));
    }

    Value cast(Value x, OnnxTensor.Type type) {
        return graph.node("Cast", List.of(x), Attribute.of("to", (long) type.number()));
    }
}
