package dev.athanor.lm.generate;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import dev.athanor.libtorch.LtFunctions;
import dev.athanor.lm.Devices;
import dev.athanor.lm.host.HostDecoder;
import dev.athanor.lm.model.KeyValueCache;
import dev.athanor.lm.model.Transformer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Logits of what follows each of some sequences, a token at a time. Prompts of one length go through the model together and share a
 * {@link KeyValueCache}. From then on a {@link HostDecoder} takes all sequences in one step, of whatever length they are; where there is
 * none, each group goes through the model by itself.
 */
final class Decoding implements AutoCloseable {

    private final Transformer transformer;
    private final @Nullable HostDecoder host;
    private final NDManager manager;
    private final Map<Sequence, Group> groups = new HashMap<>();

    private record Group(KeyValueCache cache, List<Sequence> rows) {}

    Decoding(Transformer transformer, @Nullable HostDecoder host, Device device, List<Sequence> sequences) {
        this.transformer = transformer;
        this.host = host;
        manager = Devices.newManager(device);
        var byLength = new TreeMap<Integer, Group>();
        for (Sequence sequence : sequences) {
            Group group = byLength.computeIfAbsent(
                    sequence.prompt.length, length -> new Group(new KeyValueCache(manager), new ArrayList<>()));
            group.rows.add(sequence);
            groups.put(sequence, group);
        }
    }

    /** @param sequences those of the last call that have not ended, each with a token more */
    List<float[]> logits(List<Sequence> sequences) {
        List<Group> present = sequences.stream().map(this::group).distinct().toList();
        if (host != null && present.getFirst().cache.length() > 0) {
            float[][] logits = host.logits(sequences.stream()
                    .map(s -> new HostDecoder.Row(
                            s.input()[0], group(s).cache, group(s).rows.indexOf(s)))
                    .toList());
            present.forEach(group -> group.cache.advance(1));
            return Arrays.asList(logits);
        }
        var logits = new HashMap<Sequence, float[]>();
        present.forEach(group -> pass(group, sequences, logits));
        return sequences.stream().map(logits::get).toList();
    }

    private Group group(Sequence sequence) {
        return java.util.Objects.requireNonNull(groups.get(sequence));
    }

    private void pass(Group group, List<Sequence> going, Map<Sequence, float[]> into) {
        int[] left = IntStream.range(0, group.rows.size())
                .filter(i -> going.contains(group.rows.get(i)))
                .toArray();
        if (left.length < group.rows.size()) {
            group.cache.select(left);
            group.rows.retainAll(going);
        }
        int B = group.rows.size();
        int T = group.rows.getFirst().input().length;
        try (NDManager scope = manager.newSubManager()) {
            long[] ids = group.rows.stream()
                    .flatMapToInt(s -> Arrays.stream(s.input()))
                    .asLongStream()
                    .toArray();
            NDArray hidden_BTC = transformer
                    .forward(new Transformer.Input(scope.create(ids, new Shape(B, T)), null, null, false, group.cache))
                    .hidden_BTC();
            NDArray last_B1C = LtFunctions.narrow(hidden_BTC, 1, T - 1, 1);
            float[] flat = transformer
                    .heads()
                    .logits(last_B1C)
                    .toType(DataType.FLOAT32, false)
                    .toFloatArray();
            int V = flat.length / B;
            for (int b = 0; b < B; b++) {
                into.put(group.rows.get(b), Arrays.copyOfRange(flat, b * V, (b + 1) * V));
            }
        }
    }

    @Override
    public void close() {
        manager.close();
    }
}
