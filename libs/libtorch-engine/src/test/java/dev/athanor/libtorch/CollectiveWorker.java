package dev.athanor.libtorch;

import ai.djl.Device;
import ai.djl.engine.EngineException;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.bytedeco.javacpp.BytePointer;

/** One member of the group of {@link ProcessGroupTest}: prints a line a result. Arguments: mode, rank, port. */
final class CollectiveWorker {
    private CollectiveWorker() {}

    public static void main(String[] args) throws Exception {
        int rank = Integer.parseInt(args[1]);
        Rendezvous place = new Rendezvous("127.0.0.1", Integer.parseInt(args[2]), rank, 2, Duration.ofSeconds(90));
        if (args[0].equals("leave")) {
            leave(place);
        }
        try (ProcessGroup group = ProcessGroup.join(Device.cpu(), place);
                NDManager manager = NDManager.newBaseManager("LibTorch")) {
            if (args[0].equals("die")) {
                die(group, manager, rank);
            } else {
                exchange(group, manager, rank);
            }
        }
        System.out.println("done");
        System.out.flush();
        Runtime.getRuntime().halt(0);
    }

    private static void exchange(ProcessGroup group, NDManager manager, int rank) {
        for (DataType type : new DataType[] {DataType.FLOAT32, DataType.BFLOAT16}) {
            long bytes = 56_000_000;
            NDArray big = manager.full(new Shape(bytes / type.getNumOfBytes()), rank + 1f)
                    .toType(type, false);
            long start = System.nanoTime();
            group.allReduce(big, ProcessGroup.Reduction.SUM);
            double millis = (System.nanoTime() - start) / 1e6;
            System.out.println("sum " + type + " " + big.eq(3).all().getBoolean() + " in " + millis + " ms");
        }
        NDArray mean = manager.create(new float[] {rank, 10 * rank});
        group.allReduce(mean, ProcessGroup.Reduction.MEAN);
        print("mean", mean);
        NDArray most = manager.create(new float[] {rank, -rank});
        group.allReduce(most, ProcessGroup.Reduction.MAX);
        print("max", most);
        NDArray root = manager.create(new float[] {rank + 5});
        group.broadcast(root, 1);
        print("broadcast", root);
        NDArray all = manager.zeros(new Shape(4));
        group.allGather(all, manager.create(new float[] {rank, rank + 0.5f}));
        print("gather", all);
        NDArray part = manager.zeros(new Shape(2));
        group.reduceScatter(part, manager.create(new float[] {1, 2, 3, 4}).mul(rank + 1));
        print("scatter", part);
        group.barrier();
    }

    private static void die(ProcessGroup group, NDManager manager, int rank) throws InterruptedException {
        NDArray array = manager.ones(new Shape(1 << 20));
        for (int i = 0; ; i++) {
            group.allReduce(array, ProcessGroup.Reduction.MEAN);
            if (i == 5) {
                System.out.println("running");
                System.out.flush();
            }
            if (rank == 1 && i > 5) {
                Thread.sleep(300_000);
            }
        }
    }

    /**
     * What was begun and never awaited may be collected after the group was closed: nothing of it may then write to memory that was
     * the group's. Freed memory of a size goes to whoever asks next for that size on the same thread.
     */
    private static void leave(Rendezvous place) throws InterruptedException {
        ProcessGroup group = ProcessGroup.join(Device.cpu(), place);
        if (place.rank() == 1) {
            Runtime.getRuntime().halt(137);
        }
        beginAndLose(group);
        group.close();
        List<BytePointer> blocks = new ArrayList<>();
        for (int bytes = 64; bytes < 512; bytes += 8) {
            for (int i = 0; i < 100; i++) {
                BytePointer block = new BytePointer(bytes);
                block.fill(0);
                blocks.add(block);
            }
        }
        for (int i = 0; i < 5; i++) {
            System.gc();
            Thread.sleep(100);
        }
        for (BytePointer block : blocks) {
            for (long i = 0; i < block.capacity(); i++) {
                if (block.get(i) != 0) {
                    System.out.println("damaged: byte " + i + " of " + block.capacity());
                }
            }
        }
        System.out.println("left");
        System.out.flush();
        Runtime.getRuntime().halt(0);
    }

    private static void beginAndLose(ProcessGroup group) {
        try (NDManager manager = NDManager.newBaseManager("LibTorch")) {
            for (int i = 0; i < 4; i++) {
                group.startSum(manager.ones(new Shape(600 + i)));
            }
            group.startSum(manager.ones(new Shape(9))).await();
        } catch (EngineException e) {
            System.out.println("lost");
        }
    }

    private static void print(String name, NDArray array) {
        System.out.println(name + " " + java.util.Arrays.toString(array.toFloatArray()));
    }
}
