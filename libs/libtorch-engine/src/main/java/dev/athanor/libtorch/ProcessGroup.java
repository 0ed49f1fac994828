package dev.athanor.libtorch;

import ai.djl.Device;
import ai.djl.engine.EngineException;
import ai.djl.ndarray.NDArray;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import org.bytedeco.javacpp.Loader;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.javacpp.chrono.Milliseconds;
import org.bytedeco.pytorch.AllgatherOptions;
import org.bytedeco.pytorch.AllreduceOptions;
import org.bytedeco.pytorch.Backend;
import org.bytedeco.pytorch.BarrierOptions;
import org.bytedeco.pytorch.BroadcastOptions;
import org.bytedeco.pytorch.DeviceOptional;
import org.bytedeco.pytorch.ProcessGroupGloo;
import org.bytedeco.pytorch.ReduceOp;
import org.bytedeco.pytorch.ReduceScatterOptions;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.TCPStore;
import org.bytedeco.pytorch.TCPStoreOptions;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.Work;
import org.bytedeco.pytorch.global.torch_gloo;

/**
 * Processes that compute together: Gloo on CPUs, NCCL on GPUs. All members call the same operations in the same order. Where a peer
 * is gone or late, an operation raises {@link EngineException} within the timeout; the group is of no use after that.
 */
public final class ProcessGroup implements AutoCloseable {
    /** How values of the members are combined. */
    public enum Reduction {
        /** Added. */
        SUM(ReduceOp.RedOpType.SUM),
        /** Added and divided by the number of members. */
        MEAN(ReduceOp.RedOpType.SUM),
        /** The greatest. */
        MAX(ReduceOp.RedOpType.MAX),
        /** The least. */
        MIN(ReduceOp.RedOpType.MIN);

        private final ReduceOp.RedOpType type;

        Reduction(ReduceOp.RedOpType type) {
            this.type = type;
        }
    }

    private final Device device;
    private final Rendezvous place;
    private final TCPStore store;
    private final Backend backend;
    /** Begun and not awaited. */
    private final Set<Work> underWay = Collections.synchronizedSet(Collections.newSetFromMap(new IdentityHashMap<>()));

    private volatile boolean aborted;

    private ProcessGroup(Device device, Rendezvous place, TCPStore store, Backend backend) {
        this.device = device;
        this.place = place;
        this.store = store;
        this.backend = backend;
    }

    /**
     * Meets the other members; returns when all are there.
     *
     * @param device whose arrays will be exchanged
     */
    public static ProcessGroup join(Device device, Rendezvous place) {
        LtEngine.instance();
        String local = place.localAddress();
        return NativeCall.value(
                "join",
                () -> {
                    Loader.load(torch_gloo.class);
                    TCPStoreOptions options = new TCPStoreOptions();
                    options.port((short) place.port());
                    options.isServer(place.rank() == 0);
                    options.waitWorkers(false);
                    options.timeout(new Milliseconds(place.meeting().toMillis()));
                    TCPStore store = new TCPStore(place.host(), options);
                    store.retainReference();
                    Backend backend = device.isGpu() ? CudaRuntime.nccl(store, place) : gloo(store, place, local);
                    backend.retainReference();
                    ProcessGroup group = new ProcessGroup(device, place, store, backend);
                    try {
                        group.barrier(place.meeting());
                    } catch (RuntimeException e) {
                        group.abort();
                        group.close();
                        throw e;
                    }
                    return group;
                },
                place);
    }

    private static Backend gloo(TCPStore store, Rendezvous place, String local) {
        ProcessGroupGloo.Options options =
                ProcessGroupGloo.Options.create(new Milliseconds(place.meeting().toMillis()));
        options.devices().push_back(ProcessGroupGloo.createDeviceForHostname(local));
        return new ProcessGroupGloo(store, place.rank(), place.worldSize(), options);
    }

    /** This process's number. */
    public int rank() {
        return place.rank();
    }

    /** How many processes there are. */
    public int worldSize() {
        return place.worldSize();
    }

    /** Combines {@code array} of all members into each of them. */
    public void allReduce(NDArray array, Reduction reduction) {
        allReduce(List.of(array), reduction);
    }

    /** Combines arrays of all members, in flight together. */
    public void allReduce(Iterable<? extends NDArray> arrays, Reduction reduction) {
        NativeCall.run("allReduce", () -> {
            List<Work> works = new ArrayList<>();
            for (NDArray array : arrays) {
                AllreduceOptions options = new AllreduceOptions();
                options.reduceOp(new ReduceOp(reduction.type));
                options.timeout(timeout());
                works.add(backend.allreduce(new TensorVector(contiguous("allReduce", array)), options));
            }
            works.forEach(this::await);
            if (reduction == Reduction.MEAN) {
                for (NDArray array : arrays) {
                    LtNDArray.tensor(array).detach().div_(new Scalar((double) place.worldSize()));
                }
            }
        });
    }

    /** An operation under way. */
    public final class Pending {
        private final Work work;

        private Pending(Work work) {
            this.work = work;
        }

        /** Returns when it is done. */
        public void await() {
            try {
                NativeCall.run("await", () -> ProcessGroup.this.await(work), place);
            } finally {
                if (underWay.remove(work)) {
                    work.releaseReference();
                }
            }
        }
    }

    /** Begins to add up {@code array} of all members into each of them; it must not be touched until the result is awaited. */
    public Pending startSum(NDArray array) {
        return start("allReduce", array, () -> {
            AllreduceOptions options = new AllreduceOptions();
            options.reduceOp(new ReduceOp(Reduction.SUM.type));
            options.timeout(timeout());
            return backend.allreduce(new TensorVector(contiguous("allReduce", array)), options);
        });
    }

    /** Begins to copy the root's {@code array} into everyone's. */
    public Pending startBroadcast(NDArray array, int root) {
        return start("broadcast", array, () -> {
            BroadcastOptions options = new BroadcastOptions();
            options.rootRank(root);
            options.timeout(timeout());
            return backend.broadcast(new TensorVector(contiguous("broadcast", array)), options);
        });
    }

    private Pending start(String operation, NDArray array, Supplier<Work> begin) {
        return NativeCall.value(
                operation,
                () -> {
                    Work work = begin.get();
                    work.retainReference();
                    underWay.add(work);
                    return new Pending(work);
                },
                array,
                place);
    }

    /** Copies the root's {@code array} into everyone's. */
    public void broadcast(NDArray array, int root) {
        one("broadcast", array, () -> {
            BroadcastOptions options = new BroadcastOptions();
            options.rootRank(root);
            options.timeout(timeout());
            return backend.broadcast(new TensorVector(contiguous("broadcast", array)), options);
        });
    }

    /**
     * Adds {@code input} of all members and gives each its part.
     *
     * @param output as large as the input divided by the world size
     */
    public void reduceScatter(NDArray output, NDArray input) {
        checkParts("reduceScatter", output, input);
        if (!device.isGpu()) {
            NativeCall.run("reduceScatter", () -> sumAndTakePart(output, input), input, place);
            return;
        }
        one("reduceScatter", input, () -> {
            ReduceScatterOptions options = new ReduceScatterOptions();
            options.timeout(timeout());
            return backend._reduce_scatter_base(
                    contiguous("reduceScatter", output), contiguous("reduceScatter", input), options);
        });
    }

    /** Gloo sums the whole too, but then tells nobody who does not wait inside of it that it is done. */
    private void sumAndTakePart(NDArray output, NDArray input) {
        AllreduceOptions options = new AllreduceOptions();
        options.reduceOp(new ReduceOp(Reduction.SUM.type));
        options.timeout(timeout());
        Tensor sum = contiguous("reduceScatter", input).clone().view(-1);
        await(backend.allreduce(new TensorVector(sum), options));
        Tensor part = contiguous("reduceScatter", output).view(-1);
        part.copy_(sum.narrow(0, place.rank() * part.numel(), part.numel()));
    }

    /**
     * Puts {@code input} of all members one after the other into everyone's {@code output}.
     *
     * @param output as large as the input times the world size
     */
    public void allGather(NDArray output, NDArray input) {
        checkParts("allGather", input, output);
        one("allGather", input, () -> {
            AllgatherOptions options = new AllgatherOptions();
            options.timeout(timeout());
            return backend._allgather_base(contiguous("allGather", output), contiguous("allGather", input), options);
        });
    }

    /** Waits until all members are here. */
    public void barrier() {
        barrier(place.timeout());
    }

    private void barrier(Duration limit) {
        NativeCall.run(
                "barrier",
                () -> {
                    BarrierOptions options = new BarrierOptions();
                    options.timeout(new Milliseconds(limit.toMillis()));
                    if (device.isGpu()) { // NCCL would otherwise take the one of the rank's number
                        options.device(new DeviceOptional(LtTypes.torchDevice(device)));
                    }
                    await(backend.barrier(options), limit);
                },
                place);
    }

    private void checkParts(String operation, NDArray part, NDArray whole) {
        if (part.size() * place.worldSize() != whole.size() || part.getDataType() != whole.getDataType()) {
            throw new IllegalArgumentException(operation + ": " + place.worldSize() + " parts of " + part.getDataType()
                    + part.getShape() + " do not make up " + whole.getDataType() + whole.getShape());
        }
    }

    private void one(String operation, NDArray array, Supplier<Work> start) {
        NativeCall.run(operation, () -> await(start.get()), array, place);
    }

    /**
     * On processors libtorch can give up no operation that is under way, as one with a member that is frozen or cut off: here the
     * waiting is given up, the operation itself ends with its time limit.
     */
    private void await(Work work) {
        await(work, place.timeout());
    }

    private void await(Work work, Duration limit) {
        if (!device.isGpu()) {
            long begin = System.nanoTime();
            while (!work.isCompleted()) {
                long waited = System.nanoTime() - begin;
                if (aborted) {
                    throw new EngineException("the group was given up");
                }
                if (waited > limit.toNanos()) {
                    throw new EngineException("no answer from the group within " + limit);
                }
                LockSupport.parkNanos(Math.clamp(waited / 16, 5_000, 500_000));
            }
        }
        work._wait(new Milliseconds(limit.toMillis()));
        if (work.isCompleted() && !work.isSuccess()) {
            throw new EngineException("a collective operation failed");
        }
    }

    private static Tensor contiguous(String operation, NDArray array) {
        Tensor tensor = LtNDArray.tensor(array).detach();
        if (!tensor.is_contiguous()) {
            throw new IllegalArgumentException(
                    operation + ": the array " + array.getShape() + " is a view that is not contiguous");
        }
        return tensor;
    }

    private Milliseconds timeout() {
        return new Milliseconds(place.timeout().toMillis());
    }

    /** Makes operations under way fail, on this member and, sooner or later, on the others; for use by another thread. */
    public void abort() {
        aborted = true;
        if (device.isGpu()) {
            NativeCall.run("abort", backend::abort, place);
        }
    }

    /** Leaves the group; what was begun and not awaited is given up. */
    @Override
    public void close() {
        if (!device.isGpu() && (aborted || underWay.stream().anyMatch(work -> !work.isCompleted()))) {
            // Freeing waits for operations under way, which may take until their time limit.
            Thread.ofPlatform().daemon().name("process-group-end").start(this::free);
        } else {
            free();
        }
    }

    /**
     * The store comes last: it is deleted whoever else still counts on it, and an operation holds on to its connections, which hold on
     * to the store. One that outlived it would write into freed memory.
     */
    private void free() {
        for (Work work : List.copyOf(underWay)) {
            if (underWay.remove(work)) {
                work.releaseReference();
            }
        }
        for (Pointer pointer : new Pointer[] {backend, store}) {
            pointer.releaseReference();
        }
    }
}
