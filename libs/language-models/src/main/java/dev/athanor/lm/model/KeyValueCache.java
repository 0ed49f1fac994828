package dev.athanor.lm.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.util.ArrayList;
import java.util.List;

/** Keys and values of the positions that were computed already, of each layer, so that generating a token costs one position. */
public final class KeyValueCache implements AutoCloseable {

    private final NDManager manager;
    private final List<NDArray> keys = new ArrayList<>();
    private final List<NDArray> values = new ArrayList<>();
    private int length;

    /** @param parent gives device, and closes the cache with itself */
    public KeyValueCache(NDManager parent) {
        manager = parent.newSubManager();
    }

    /** Positions in the cache. */
    public int length() {
        return length;
    }

    /** @return keys and values, [B, K, S, D], of the positions before and the new ones */
    NDArray[] extend(int layer, NDArray k_BKTD, NDArray v_BKTD) {
        if (layer == keys.size()) {
            keys.add(keep(k_BKTD.duplicate()));
            values.add(keep(v_BKTD.duplicate()));
        } else {
            keys.set(layer, appended(keys.get(layer), k_BKTD));
            values.set(layer, appended(values.get(layer), v_BKTD));
        }
        return new NDArray[] {keys.get(layer), values.get(layer)};
    }

    private NDArray appended(NDArray before, NDArray more) {
        NDArray all = keep(before.concat(more, 2));
        before.close();
        return all;
    }

    private NDArray keep(NDArray array) {
        array.attach(manager);
        return array;
    }

    void advance(int positions) {
        length += positions;
    }

    /** Keeps the rows with these numbers, in this order. */
    public void select(int[] rows) {
        try (NDManager scope = manager.newSubManager()) {
            NDArray index = scope.create(rows).toType(ai.djl.ndarray.types.DataType.INT64, false);
            for (List<NDArray> list : List.of(keys, values)) {
                for (int i = 0; i < list.size(); i++) {
                    NDArray before = list.get(i);
                    list.set(i, keep(before.get(index)));
                    before.close();
                }
            }
        }
    }

    @Override
    public void close() {
        manager.close();
    }
}
