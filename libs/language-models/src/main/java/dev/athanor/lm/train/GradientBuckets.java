package dev.athanor.lm.train;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import dev.athanor.libtorch.FusedAdamW;
import dev.athanor.libtorch.ProcessGroup.Pending;
import dev.athanor.lm.Devices;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Adds up gradients over all processes, in few large operations instead of many small ones: each bucket is a float32 array with
 * room for some parameters, followed by one element a parameter that counts the processes with a gradient for it. While one bucket
 * is under way the next is filled.
 */
final class GradientBuckets implements AutoCloseable {

    /** As PyTorch's DistributedDataParallel has it: 25 MiB. */
    private static final long BUCKET_ELEMENTS = 25L << 18;

    private final DataParallel team;
    private final FusedAdamW optimizer;
    private final NDManager manager;
    private final List<Bucket> buckets = new ArrayList<>();

    /** @param slots views of {@code flat}, in the parameters' shapes */
    private record Bucket(NDArray flat, Map<String, NDArray> slots, NDArray counts) {}

    /** @param parameters in the order of the forward pass; gradients come in the reverse */
    GradientBuckets(DataParallel team, FusedAdamW optimizer, Map<String, NDArray> parameters, Device device) {
        this.team = team;
        this.optimizer = optimizer;
        this.manager = Devices.newManager(device);
        var next = new LinkedHashMap<String, Shape>();
        long elements = 0;
        for (Map.Entry<String, NDArray> parameter :
                List.copyOf(parameters.entrySet()).reversed()) {
            Shape shape = parameter.getValue().getShape();
            if (elements > 0 && elements + shape.size() > BUCKET_ELEMENTS) {
                buckets.add(bucket(next, elements));
                next.clear();
                elements = 0;
            }
            next.put(parameter.getKey(), shape);
            elements += shape.size();
        }
        buckets.add(bucket(next, elements));
    }

    private Bucket bucket(Map<String, Shape> shapes, long elements) {
        NDArray flat = manager.zeros(new Shape(elements + shapes.size()), DataType.FLOAT32);
        var slots = new LinkedHashMap<String, NDArray>();
        long at = 0;
        for (Map.Entry<String, Shape> entry : shapes.entrySet()) {
            long end = at + entry.getValue().size();
            slots.put(entry.getKey(), flat.get(new NDIndex(at + ":" + end)).reshape(entry.getValue()));
            at = end;
        }
        return new Bucket(flat, slots, flat.get(new NDIndex(at + ":")));
    }

    /** Replaces the optimizer's gradients by their sums over all processes. */
    void reduce() {
        List<Pending> pending = new ArrayList<>();
        for (Bucket bucket : buckets) {
            fill(bucket);
            pending.add(team.startSum(bucket.flat()));
        }
        for (int i = 0; i < buckets.size(); i++) {
            DataParallel.run("add up gradients", pending.get(i)::await);
            takeBack(buckets.get(i));
        }
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
        manager.close();
    }
}
