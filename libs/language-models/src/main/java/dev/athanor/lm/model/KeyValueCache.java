package dev.athanor.lm.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import dev.athanor.libtorch.HostMemory;
import dev.athanor.libtorch.LtFunctions;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Keys and values of the positions that were computed already, of each layer, so that generating a token costs one position. There is
 * room for more positions than are taken: new ones are written in place, and the room doubles when it is full.
 */
public final class KeyValueCache implements AutoCloseable {

    private static final int LEAST_ROOM = 64;

    private final NDManager manager;
    private final List<NDArray> keys_BKSD = new ArrayList<>();
    private final List<NDArray> values_BKSD = new ArrayList<>();
    private final List<@Nullable Memory> memory = new ArrayList<>();
    private int length;
    private int room;

    /**
     * A layer's keys and values on the CPU, both [B, K, {@code room}, D] row-major; good until the cache's room or rows change.
     *
     * @param room positions that there is place for
     */
    public record Memory(MemorySegment keys, MemorySegment values, int room) {}

    /** @param parent gives device, and closes the cache with itself */
    public KeyValueCache(NDManager parent) {
        manager = parent.newSubManager();
    }

    /** Positions in the cache. */
    public int length() {
        return length;
    }

    /** @return keys and values, [B, K, S, D], of the positions before and the new ones: views, good until the next call */
    NDArray[] extend(int layer, NDArray k_BKTD, NDArray v_BKTD) {
        int added = (int) k_BKTD.getShape().get(2);
        reserve(length + added);
        if (layer == keys_BKSD.size()) {
            keys_BKSD.add(keep(empty(k_BKTD)));
            values_BKSD.add(keep(empty(v_BKTD)));
            memory.add(null);
        }
        return new NDArray[] {
            written(keys_BKSD.get(layer), k_BKTD, added), written(values_BKSD.get(layer), v_BKTD, added)
        };
    }

    private NDArray written(NDArray all, NDArray more, int added) {
        try (NDArray place = LtFunctions.narrow(all, 2, length, added)) {
            more.copyTo(place);
        }
        NDArray seen = LtFunctions.narrow(all, 2, 0, (long) length + added);
        seen.attach(more.getManager());
        return seen;
    }

    /** Makes room for so many positions. */
    public void reserve(int positions) {
        if (positions <= room) {
            return;
        }
        room = Math.max(LEAST_ROOM, Integer.highestOneBit(Math.max(1, positions - 1)) * 2);
        for (List<NDArray> list : List.of(keys_BKSD, values_BKSD)) {
            for (int i = 0; i < list.size(); i++) {
                NDArray before = list.get(i);
                NDArray larger = keep(empty(before));
                try (NDArray from = LtFunctions.narrow(before, 2, 0, length);
                        NDArray to = LtFunctions.narrow(larger, 2, 0, length)) {
                    from.copyTo(to);
                }
                list.set(i, larger);
                before.close();
            }
        }
        memory.replaceAll(m -> null);
    }

    private NDArray empty(NDArray like) {
        Shape shape = like.getShape();
        return manager.zeros(
                new Shape(shape.get(0), shape.get(1), room, shape.get(3)), like.getDataType(), like.getDevice());
    }

    private NDArray keep(NDArray array) {
        array.attach(manager);
        return array;
    }

    /** Tells the cache that so many positions were written to all layers. */
    public void advance(int positions) {
        length += positions;
    }

    /** The memory of a layer, for kernels that read and write it themselves. */
    public Memory memory(int layer) {
        Memory known = memory.get(layer);
        if (known == null) {
            known = new Memory(HostMemory.of(keys_BKSD.get(layer)), HostMemory.of(values_BKSD.get(layer)), room);
            memory.set(layer, known);
        }
        return known;
    }

    /** Keeps the rows with these numbers, in this order. */
    public void select(int[] rows) {
        try (NDManager scope = manager.newSubManager()) {
            NDArray index = scope.create(rows).toType(DataType.INT64, false);
            for (List<NDArray> list : List.of(keys_BKSD, values_BKSD)) {
                for (int i = 0; i < list.size(); i++) {
                    NDArray before = list.get(i);
                    list.set(i, keep(before.get(index)));
                    before.close();
                }
            }
        }
        memory.replaceAll(m -> null);
    }

    @Override
    public void close() {
        manager.close();
    }
}
