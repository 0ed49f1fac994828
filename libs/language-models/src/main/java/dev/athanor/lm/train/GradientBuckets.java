package dev.athanor.lm.train;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import dev.athanor.libtorch.FusedAdamW;
import dev.athanor.libtorch.GradientSignal;
import dev.athanor.libtorch.ProcessGroup.Pending;
import dev.athanor.lm.Devices;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Adds up gradients over all processes, in few large operations instead of many small ones: each bucket is a float32 array with
 * room for some parameters, followed by one element a parameter that counts the processes with a gradient for it. In the last backward
 * pass of a step a bucket is sent as soon as its gradients are complete, while the pass goes on below (Li et al. 2020, PyTorch
 * Distributed). All processes send the buckets in the same order.
 */
final class GradientBuckets implements AutoCloseable {

    /** As PyTorch's DistributedDataParallel has it: 25 MiB. */
    private static final long MOST_ELEMENTS = 25L << 18;
    /** Of a model, so that there is something to send while the pass goes on. */
    private static final int FEWEST_BUCKETS = 8;

    private final DataParallel team;
    private final FusedAdamW optimizer;
    private final NDManager manager;
    private final List<Bucket> buckets = new ArrayList<>();
    private final List<GradientSignal> signals = new ArrayList<>();
    private final List<Pending> pending = new ArrayList<>();
    private boolean expecting;
    private @Nullable RuntimeException failure;
    private long sentEarly;

    /**
     * @param slots views of {@code flat}, in the parameters' shapes
     * @param level lowest of the parameters'
     */
    private record Bucket(NDArray flat, Map<String, NDArray> slots, NDArray counts, int level) {}

    /** @param parameters in the order of the forward pass; gradients come in the reverse */
    @SuppressWarnings("this-escape")
    GradientBuckets(
            DataParallel team,
            FusedAdamW optimizer,
            Map<String, NDArray> parameters,
            BackwardOrder order,
            Device device) {
        this.team = team;
        this.optimizer = optimizer;
        this.manager = Devices.newManager(device);
        List<Map.Entry<String, NDArray>> sorted =
                new ArrayList<>(List.copyOf(parameters.entrySet()).reversed());
        sorted.sort(Comparator.comparingInt(parameter -> -order.level(parameter.getKey())));
        long total = sorted.stream().mapToLong(p -> p.getValue().size()).sum();
        long most = Math.min(MOST_ELEMENTS, total / FEWEST_BUCKETS);
        var next = new LinkedHashMap<String, Shape>();
        long elements = 0;
        for (Map.Entry<String, NDArray> parameter : sorted) {
            Shape shape = parameter.getValue().getShape();
            if (elements > 0 && elements + shape.size() > most) {
                buckets.add(bucket(next, elements, order));
                next.clear();
                elements = 0;
            }
            next.put(parameter.getKey(), shape);
            elements += shape.size();
        }
        buckets.add(bucket(next, elements, order));
        if (team.overlaps()) {
            listen(parameters, order);
        }
    }

    private Bucket bucket(Map<String, Shape> shapes, long elements, BackwardOrder order) {
        NDArray flat = manager.zeros(new Shape(elements + shapes.size()), DataType.FLOAT32);
        var slots = new LinkedHashMap<String, NDArray>();
        long at = 0;
        for (Map.Entry<String, Shape> entry : shapes.entrySet()) {
            long end = at + entry.getValue().size();
            slots.put(entry.getKey(), flat.get(new NDIndex(at + ":" + end)).reshape(entry.getValue()));
            at = end;
        }
        int level = shapes.keySet().stream().mapToInt(order::level).min().orElseThrow();
        return new Bucket(flat, slots, flat.get(new NDIndex(at + ":")), level);
    }

    /** The last parameter of a layer is the first that the pass comes to in it. */
    private void listen(Map<String, NDArray> parameters, BackwardOrder order) {
        var last = new TreeMap<Integer, NDArray>();
        parameters.forEach((name, parameter) -> last.put(order.level(name), parameter));
        last.forEach((level, parameter) -> {
            if (level != BackwardOrder.END && level < order.layers()) {
                signals.add(new GradientSignal(parameter, () -> reached(level)));
            }
        });
    }

    /** The backward pass that follows is the last of the step, and leads down to all parameters. */
    void expectLast() {
        expecting = true;
    }

    private void reached(int level) {
        if (!expecting || failure != null) {
            return;
        }
        try {
            while (pending.size() < buckets.size()
                    && buckets.get(pending.size()).level() > level) {
                sentEarly++;
                send(buckets.get(pending.size()));
            }
        } catch (RuntimeException e) {
            // libtorch is in the middle of its work: it is thrown when that is done.
            failure = e;
        }
    }

    private void send(Bucket bucket) {
        bucket.slots().keySet().forEach(optimizer::collectGradient);
        fill(bucket);
        pending.add(team.startSum(bucket.flat()));
    }

    /** Sends what the passes of this step have left. Every process calls it before any other operation of the group. */
    void sendRest() {
        expecting = false;
        RuntimeException earlier = failure;
        failure = null;
        if (earlier != null) {
            throw earlier;
        }
        while (pending.size() < buckets.size()) {
            send(buckets.get(pending.size()));
        }
    }

    /** Replaces the optimizer's gradients by their sums over all processes. */
    void takeBack() {
        for (int i = 0; i < buckets.size(); i++) {
            DataParallel.run("add up gradients", pending.get(i)::await);
            takeBack(buckets.get(i));
        }
        pending.clear();
    }

    /** Waits for what is under way, and lets go of it. */
    void discard() {
        expecting = false;
        pending.forEach(sum -> DataParallel.run("add up gradients", sum::await));
        pending.clear();
    }

    /** Buckets sent before their pass had ended, over all steps. */
    long sentEarly() {
        return sentEarly;
    }

    private void fill(Bucket bucket) {
        var present = new float[bucket.slots().size()];
        int i = 0;
        for (Map.Entry<String, NDArray> slot : bucket.slots().entrySet()) {
            present[i++] = optimizer.copyGradient(slot.getKey(), slot.getValue()) ? 1 : 0;
        }
        bucket.counts().set(present);
    }

    private void takeBack(Bucket bucket) {
        float[] present = bucket.counts().toFloatArray();
        int i = 0;
        for (Map.Entry<String, NDArray> slot : bucket.slots().entrySet()) {
            optimizer.replaceGradient(slot.getKey(), present[i++] > 0 ? slot.getValue() : null);
        }
    }

    @Override
    public void close() {
        signals.forEach(GradientSignal::close);
        manager.close();
    }
}
