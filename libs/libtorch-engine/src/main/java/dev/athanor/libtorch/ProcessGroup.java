package dev.athanor.libtorch;

import ai.djl.Device;
import ai.djl.engine.EngineException;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import dev.athanor.libtorch.CollectiveCall.Operation;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
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
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.bytedeco.pytorch.global.torch_gloo;

/**
 * Processes that compute together: Gloo on CPUs, NCCL on GPUs. All members call the same operations in the same order, with arrays
 * of the same types and sizes. Where a peer is gone or late, an operation raises {@link EngineException} within the timeout; where
 * members called different operations on CPUs, it raises one that says who called what. The group is of no use after either.
 * What a member finds wrong with its own arguments raises there, before the others are asked.
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
    private final Backend backend;
    private final CollectiveQueue queue;

    private ProcessGroup(Device device, Rendezvous place, TCPStore store, Backend backend) {
        this.device = device;
        this.place = place;
        this.backend = backend;
        this.queue = new CollectiveQueue(device.isGpu(), place, store, backend);
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

    /**
     * Combines {@code array} of all members into each of them.
     *
     * @param array of any shape, contiguous, of the same type and size for all members; changed
     * @throws IllegalArgumentException for a view that is not contiguous, and for the mean of whole numbers
     * @throws EngineException if the members called different operations, one is gone or late, or the backend cannot combine the type
     */
    public void allReduce(NDArray array, Reduction reduction) {
        allReduce(List.of(array), reduction);
    }

    /** Combines arrays of all members, in flight together; see {@link #allReduce(NDArray, Reduction)}. */
    public void allReduce(Iterable<? extends NDArray> arrays, Reduction reduction) {
        NativeCall.run("allReduce", () -> {
            List<Tensor> tensors = new ArrayList<>();
            for (NDArray array : arrays) {
                tensors.add(contiguous(Operation.ALL_REDUCE, array));
                DataType type = array.getDataType();
                if (reduction == Reduction.MEAN && (type.isInteger() || type.isBoolean())) {
                    throw new IllegalArgumentException("allReduce: the mean of " + type + array.getShape()
                            + " is not of that type; take the sum, or convert the array");
                }
            }
            queue.await(begin(Operation.ALL_REDUCE, reduction.ordinal(), tensors, own -> reduce(own, reduction)));
            if (reduction == Reduction.MEAN) {
                tensors.forEach(tensor -> tensor.div_(new Scalar((double) place.worldSize())));
            }
        });
    }

    private List<Work> reduce(List<Tensor> tensors, Reduction reduction) {
        List<Work> works = new ArrayList<>();
        for (Tensor tensor : tensors) {
            AllreduceOptions options = new AllreduceOptions();
            options.reduceOp(new ReduceOp(reduction.type));
            options.timeout(millis(place.timeout()));
            works.add(backend.allreduce(new TensorVector(tensor), options));
        }
        return works;
    }

    /** An operation under way. */
    public final class Pending {
        private final CollectiveTask task;

        private Pending(CollectiveTask task) {
            this.task = task;
        }

        /**
         * Returns when it is done; at once if that was awaited before.
         *
         * @throws EngineException if it failed, or the group was closed or given up meanwhile; the same whenever it is awaited again
         */
        public void await() {
            NativeCall.run("await", () -> queue.await(task), task.call(), place);
        }
    }

    /**
     * Begins to add up {@code array} of all members into each of them; it must not be touched until the result is awaited. What the
     * others have to do with it, such as another size, is an error of {@link Pending#await}.
     *
     * @param array as for {@link #allReduce(NDArray, Reduction)}
     */
    public Pending startSum(NDArray array) {
        return NativeCall.value(
                "allReduce",
                () -> new Pending(begin(
                        Operation.ALL_REDUCE,
                        Reduction.SUM.ordinal(),
                        List.of(contiguous(Operation.ALL_REDUCE, array)),
                        own -> reduce(own, Reduction.SUM))),
                array,
                place);
    }

    /** Begins to copy the root's {@code array} into everyone's, which must not be touched until that is awaited. */
    public Pending startBroadcast(NDArray array, int root) {
        if (root < 0 || root >= place.worldSize()) {
            throw new IllegalArgumentException(
                    "broadcast: root is " + root + ", expected 0 to " + (place.worldSize() - 1));
        }
        return NativeCall.value(
                "broadcast",
                () -> new Pending(begin(
                        Operation.BROADCAST, root, List.of(contiguous(Operation.BROADCAST, array)), own -> {
                            BroadcastOptions options = new BroadcastOptions();
                            options.rootRank(root);
                            options.timeout(millis(place.timeout()));
                            return List.of(backend.broadcast(new TensorVector(bytes(own.getFirst())), options));
                        })),
                array,
                place);
    }

    /**
     * Copies the root's {@code array} into everyone's.
     *
     * @param array of any shape and type, contiguous, the same for all members
     * @param root rank of the member whose values everyone gets
     */
    public void broadcast(NDArray array, int root) {
        startBroadcast(array, root).await();
    }

    /**
     * Adds {@code input} of all members and gives each its part.
     *
     * @param output as large as the input divided by the world size, of its type; part {@link #rank()} of the sum
     * @param input of any shape, contiguous
     */
    public void reduceScatter(NDArray output, NDArray input) {
        Operation operation = Operation.REDUCE_SCATTER;
        checkParts(operation, output, input);
        NativeCall.run(
                "reduceScatter",
                () -> {
                    Tensor part = contiguous(operation, output);
                    Tensor whole = contiguous(operation, input);
                    if (device.isGpu()) {
                        queue.await(begin(operation, 0, List.of(whole, part), own -> {
                            ReduceScatterOptions options = new ReduceScatterOptions();
                            options.timeout(millis(place.timeout()));
                            return List.of(backend._reduce_scatter_base(own.getLast(), own.getFirst(), options));
                        }));
                        return;
                    }
                    // Gloo sums the whole too, but then tells nobody who does not wait inside of it that it is done.
                    Tensor sum = whole.clone().view(-1);
                    queue.await(begin(operation, 0, List.of(sum), own -> reduce(own, Reduction.SUM)));
                    part.view(-1).copy_(sum.narrow(0, place.rank() * part.numel(), part.numel()));
                },
                input,
                place);
    }

    /**
     * Puts {@code input} of all members one after the other into everyone's {@code output}.
     *
     * @param output as large as the input times the world size, of its type
     * @param input of any shape and type, contiguous, the same for all members
     */
    public void allGather(NDArray output, NDArray input) {
        Operation operation = Operation.ALL_GATHER;
        checkParts(operation, input, output);
        NativeCall.run(
                "allGather",
                () -> queue.await(begin(
                        operation, 0, List.of(contiguous(operation, input), contiguous(operation, output)), own -> {
                            AllgatherOptions options = new AllgatherOptions();
                            options.timeout(millis(place.timeout()));
                            return List.of(
                                    backend._allgather_base(bytes(own.getLast()), bytes(own.getFirst()), options));
                        })),
                input,
                place);
    }

    /** Waits until all members are here. */
    public void barrier() {
        barrier(place.timeout());
    }

    private void barrier(Duration limit) {
        NativeCall.run(
                "barrier",
                () -> queue.await(queue.begin(
                        CollectiveCall.of(Operation.BARRIER, 0, List.of()), limit, List.of(), () -> {
                            BarrierOptions options = new BarrierOptions();
                            options.timeout(millis(limit));
                            if (device.isGpu()) { // NCCL would otherwise take the one of the rank's number
                                options.device(new DeviceOptional(LtTypes.torchDevice(device)));
                            }
                            return List.of(backend.barrier(options));
                        })),
                place);
    }

    /** The queue gets references of its own. */
    private CollectiveTask begin(
            Operation operation, long detail, List<Tensor> tensors, Function<List<Tensor>, List<Work>> start) {
        // What is gathered or scattered has an input and an output, whose size follows.
        boolean pair = operation == Operation.ALL_GATHER || operation == Operation.REDUCE_SCATTER;
        CollectiveCall call = CollectiveCall.of(operation, detail, pair ? tensors.subList(0, 1) : tensors);
        List<Tensor> own = tensors.stream().map(Tensor::new).toList();
        own.forEach(Pointer::retainReference);
        return queue.begin(call, place.timeout(), own, () -> start.apply(own));
    }

    private void checkParts(Operation operation, NDArray part, NDArray whole) {
        if (part.size() * place.worldSize() != whole.size() || part.getDataType() != whole.getDataType()) {
            throw new IllegalArgumentException(operation + ": " + place.worldSize() + " parts of " + part.getDataType()
                    + part.getShape() + " do not make up " + whole.getDataType() + whole.getShape());
        }
    }

    private static Tensor contiguous(Operation operation, NDArray array) {
        Tensor tensor = LtNDArray.tensor(array).detach();
        if (!tensor.is_contiguous()) {
            throw new IllegalArgumentException(operation + ": the array " + array.getDataType() + array.getShape()
                    + " is a view or sparse: its values are not one after the other in memory");
        }
        return tensor;
    }

    /** Copied as they are: the backends know fewer types than there are. */
    private static Tensor bytes(Tensor tensor) {
        return tensor.view(-1).view(ScalarType.Byte);
    }

    private static Milliseconds millis(Duration limit) {
        return new Milliseconds(limit.toMillis());
    }

    /** Makes operations under way fail, on this member and, sooner or later, on the others; for use by another thread. */
    public void abort() {
        queue.abort();
    }

    /**
     * Leaves the group; what was begun and not awaited is given up. Operations then raise {@link IllegalStateException}; closing
     * again does nothing.
     */
    @Override
    public void close() {
        queue.close();
    }
}
