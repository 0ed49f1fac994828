package dev.athanor.lm.train;

import ai.djl.Device;
import ai.djl.engine.EngineException;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import dev.athanor.libtorch.ProcessGroup;
import dev.athanor.libtorch.ProcessGroup.Pending;
import dev.athanor.libtorch.ProcessGroup.Reduction;
import dev.athanor.libtorch.Rendezvous;
import dev.athanor.lm.Devices;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * This process's place among those that train one model. Micro-batches are the unit of sharing: rank r of n takes a run of the
 * step's micro-batches, gradients are added up over the processes, and each parameter is updated by the one that owns its optimizer
 * state (ZeRO stage 1, Rajbhandari et al. 2020), which then hands it to the others. What a micro-batch holds and how it is computed does not
 * depend on the number of processes; only the order of additions does.
 */
public final class DataParallel implements AutoCloseable {

    /** One process. */
    public static final DataParallel ALONE = new DataParallel(null, Device.cpu(), true);

    private final @Nullable ProcessGroup group;
    private final Device device;
    private final boolean overlapping;
    private volatile boolean aborted;

    private DataParallel(@Nullable ProcessGroup group, Device device, boolean overlapping) {
        this.group = group;
        this.device = device;
        this.overlapping = overlapping;
    }

    /**
     * Meets the others; returns when all are there.
     *
     * @param device that this process computes on
     * @throws PeerLostException if they are not there within the place's timeout
     */
    public static DataParallel join(Device device, Rendezvous place) {
        return new DataParallel(guarded("join", () -> ProcessGroup.join(device, place)), device, true);
    }

    /** This group, but gradients are exchanged only after the backward pass: the same bits, and later. To be closed once. */
    public DataParallel withoutOverlap() {
        return new DataParallel(group, device, false);
    }

    boolean overlaps() {
        return overlapping;
    }

    /** Number of this process, from 0. */
    public int rank() {
        return group == null ? 0 : group.rank();
    }

    /** Processes in the group, this one included. */
    public int size() {
        return group == null ? 1 : group.worldSize();
    }

    boolean alone() {
        return group == null;
    }

    /** Does what only one process is to do. */
    boolean isFirst() {
        return rank() == 0;
    }

    /** Of {@code parts}, the first that {@code rank} takes; it takes them up to the first of the next rank. */
    int firstOf(int rank, int parts) {
        return (int) ((long) rank * parts / size());
    }

    /** Who keeps the optimizer state of which parameter: the largest first, each to the rank with the least so far. */
    Map<String, Integer> owners(Map<String, NDArray> parameters) {
        var loads = new long[size()];
        var owners = new HashMap<String, Integer>();
        parameters.entrySet().stream()
                .sorted(Comparator.comparingLong(
                                (Map.Entry<String, NDArray> e) -> -e.getValue().size())
                        .thenComparing(Map.Entry::getKey))
                .forEach(parameter -> {
                    int least = 0;
                    for (int rank = 1; rank < loads.length; rank++) {
                        least = loads[rank] < loads[least] ? rank : least;
                    }
                    loads[least] += parameter.getValue().size();
                    owners.put(parameter.getKey(), least);
                });
        return owners;
    }

    /** Whether no process of a lower rank runs on this machine; to be asked by all together. */
    boolean firstOnMachine() {
        if (group == null) {
            return true;
        }
        var machines = new double[size()];
        machines[rank()] = Machine.number();
        machines = sum(machines);
        int first = 0;
        while (machines[first] != machines[rank()]) {
            first++;
        }
        return first == rank();
    }

    /** Every process's values added up, element by element. */
    double[] sum(double... values) {
        return combine(values, Reduction.SUM);
    }

    /** The greatest of every process's values, element by element. */
    double[] max(double... values) {
        return combine(values, Reduction.MAX);
    }

    /** The first process's value. */
    long ofFirst(long value) {
        // Whole numbers up to 2^53 survive as doubles.
        return (long) sum(isFirst() ? value : 0)[0];
    }

    private double[] combine(double[] values, Reduction reduction) {
        if (group == null) {
            return values;
        }
        try (NDManager manager = Devices.newManager(device)) {
            NDArray array = manager.create(values);
            run("combine", () -> group.allReduce(array, reduction));
            return array.toDoubleArray();
        }
    }

    /** Starts to add up the array over all processes, in place. */
    Pending startSum(NDArray array) {
        return guarded("add up gradients", () -> member().startSum(array));
    }

    /** Copies each array from its owner to all. */
    void share(Map<String, NDArray> arrays, Map<String, Integer> owners) {
        if (group == null) {
            return;
        }
        List<Pending> pending = new ArrayList<>();
        run("share weights", () -> {
            arrays.forEach((name, array) -> pending.add(group.startBroadcast(array, owners.getOrDefault(name, 0))));
            pending.forEach(Pending::await);
        });
    }

    static void run(String operation, Runnable body) {
        guarded(operation, () -> {
            body.run();
            return true;
        });
    }

    private static <T> T guarded(String operation, Supplier<T> body) {
        try {
            return body.get();
        } catch (EngineException e) {
            throw new PeerLostException(operation, e);
        }
    }

    private ProcessGroup member() {
        if (group == null) {
            throw new IllegalStateException("there is no group");
        }
        return group;
    }

    /** Makes what the group is at fail, on all members; for use by another thread, when a member is known to be gone. */
    public void abort() {
        aborted = true;
        if (group != null) {
            group.abort();
        }
    }

    boolean aborted() {
        return aborted;
    }

    @Override
    public void close() {
        if (group != null) {
            group.close();
        }
    }
}
