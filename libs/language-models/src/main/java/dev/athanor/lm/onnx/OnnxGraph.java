package dev.athanor.lm.onnx;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A graph while it is being built: ONNX's {@code GraphProto}. Nodes come in the order of the calls, which is a topological one, and
 * are named after the scope that they were made in.
 */
final class OnnxGraph {

    /** What a node takes and makes. */
    record Value(String name) {}

    /** A node's attribute, encoded. */
    record Attribute(ProtoMessage proto) {

        static Attribute of(String name, long value) {
            return new Attribute(
                    new ProtoMessage().string(1, name).integer(3, value).integer(20, 2));
        }

        static Attribute of(String name, double value) {
            return new Attribute(
                    new ProtoMessage().string(1, name).float32(2, (float) value).integer(20, 1));
        }

        static Attribute of(String name, String value) {
            return new Attribute(
                    new ProtoMessage().string(1, name).string(4, value).integer(20, 3));
        }

        static Attribute of(String name, long[] values) {
            var proto = new ProtoMessage().string(1, name);
            Arrays.stream(values).forEach(value -> proto.integer(8, value));
            return new Attribute(proto.integer(20, 7));
        }
    }

    private final List<ProtoMessage> nodes = new ArrayList<>();
    private final Map<String, OnnxTensor> tensors = new LinkedHashMap<>();
    private final List<ProtoMessage> inputs = new ArrayList<>();
    private final List<ProtoMessage> outputs = new ArrayList<>();
    private final Map<String, Integer> uses = new LinkedHashMap<>();
    private String scope = "";

    /** Where the nodes that follow belong, e.g. {@code layers.0/attention}. */
    void scope(String name) {
        scope = name;
    }

    /** @param dimensions numbers, or names of sizes that are known only at run time */
    Value input(String name, OnnxTensor.Type type, Object... dimensions) {
        inputs.add(valueInfo(name, type, dimensions));
        return new Value(name);
    }

    void output(String name, Value value, OnnxTensor.Type type, Object... dimensions) {
        addNode("Identity", "/" + name, List.of(value), List.of(name));
        outputs.add(valueInfo(name, type, dimensions));
    }

    /** A constant; the same one for a name that is there already. */
    Value constant(OnnxTensor tensor) {
        tensors.putIfAbsent(tensor.name(), tensor);
        return new Value(tensor.name());
    }

    Value node(String operator, List<Value> from, Attribute... attributes) {
        return nodes(operator, 1, from, attributes).getFirst();
    }

    /** A node with several outputs. */
    List<Value> nodes(String operator, int count, List<Value> from, Attribute... attributes) {
        String plain = "/" + scope + "/" + operator;
        int use = uses.merge(plain, 1, Integer::sum);
        String name = use == 1 ? plain : plain + "_" + (use - 1);
        List<String> made = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            made.add(name + "_output_" + i);
        }
        addNode(operator, name, from, made, attributes);
        return made.stream().map(Value::new).toList();
    }

    private void addNode(String operator, String name, List<Value> from, List<String> made, Attribute... attributes) {
        var proto = new ProtoMessage();
        from.forEach(value -> proto.string(1, value.name));
        made.forEach(output -> proto.string(2, output));
        proto.string(3, name).string(4, operator);
        for (Attribute attribute : attributes) {
            proto.message(5, attribute.proto);
        }
        nodes.add(proto);
    }

    private static ProtoMessage valueInfo(String name, OnnxTensor.Type type, Object... dimensions) {
        var shape = new ProtoMessage();
        for (Object dimension : dimensions) {
            var proto = new ProtoMessage();
            shape.message(
                    1,
                    dimension instanceof String symbol
                            ? proto.string(2, symbol)
                            : proto.integer(1, ((Number) dimension).longValue()));
        }
        var tensor = new ProtoMessage().integer(1, type.number()).message(2, shape);
        return new ProtoMessage().string(1, name).message(2, new ProtoMessage().message(1, tensor));
    }

    List<OnnxTensor> tensors() {
        return List.copyOf(tensors.values());
    }

    /** @param initializers the tensors, in their order */
    ProtoMessage proto(String name, List<ProtoMessage> initializers) {
        var graph = new ProtoMessage();
        nodes.forEach(node -> graph.message(1, node));
        graph.string(2, name);
        initializers.forEach(tensor -> graph.message(5, tensor));
        inputs.forEach(input -> graph.message(11, input));
        outputs.forEach(output -> graph.message(12, output));
        return graph;
    }
}
