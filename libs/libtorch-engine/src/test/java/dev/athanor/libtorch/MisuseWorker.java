package dev.athanor.libtorch;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import dev.athanor.libtorch.ProcessGroup.Reduction;
import java.nio.FloatBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * One member of groups that are used wrongly, a new group for each way: prints what each wrong call ended with. Arguments: rank, then
 * {@code way:port} of each. Ends by returning from main, so that the exit code tells of a crash.
 */
final class MisuseWorker {
    /** What a member does in a group. */
    private interface Way {
        void go(Scene scene) throws InterruptedException;
    }

    private static final Map<String, Way> WAYS = new TreeMap<>();

    /** Where the time limit is what is tried. */
    private static final Set<String> SHORT = Set.of("one-more", "frozen");

    static {
        WAYS.put("sizes", s -> s.attempt("sum", () -> s.sum(s.group.rank() == 0 ? 4 : 1000)));
        WAYS.put("smaller", s -> s.attempt("sum", () -> s.sum(s.group.rank() == 0 ? 200_000 : 10)));
        WAYS.put(
                "types",
                s -> s.attempt("sum", () -> {
                    DataType type = s.group.rank() == 0 ? DataType.FLOAT32 : DataType.INT32;
                    s.group.allReduce(s.manager.ones(new Shape(4), type), Reduction.SUM);
                }));
        WAYS.put(
                "order",
                s -> s.attempt("first", () -> {
                    if (s.group.rank() == 0) {
                        s.sum(4);
                    } else {
                        s.group.broadcast(s.ones(4), 0);
                    }
                }));
        WAYS.put("roots", s -> s.attempt("broadcast", () -> s.group.broadcast(s.ones(4), s.group.rank())));
        WAYS.put(
                "reductions",
                s -> s.attempt("combine", () -> {
                    s.group.allReduce(s.ones(4), s.group.rank() == 0 ? Reduction.MAX : Reduction.SUM);
                }));
        WAYS.put(
                "parts",
                s -> s.attempt("sums", () -> {
                    int first = s.group.rank() == 0 ? 2 : 4;
                    s.group.allReduce(List.of(s.ones(first), s.ones(6 - first)), Reduction.SUM);
                }));
        WAYS.put("background", MisuseWorker::background);
        WAYS.put("refused", MisuseWorker::refused);
        WAYS.put("every-type", MisuseWorker::everyType);
        WAYS.put("empty", MisuseWorker::empty);
        WAYS.put("closed", MisuseWorker::closed);
        WAYS.put("aborted", MisuseWorker::aborted);
        WAYS.put("aborted-while-waiting", MisuseWorker::abortedWhileWaiting);
        WAYS.put("closed-while-waiting", MisuseWorker::closedWhileWaiting);
        WAYS.put(
                "one-more",
                s -> s.attempt("barrier", () -> {
                    if (s.group.rank() == 0) {
                        s.group.barrier();
                    } else {
                        pause(8_000); // longer than the other waits
                    }
                }));
        WAYS.put("threads", MisuseWorker::threads);
        WAYS.put("frozen", MisuseWorker::frozen);
    }

    private record Scene(String name, ProcessGroup group, NDManager manager) {
        NDArray ones(long size) {
            return manager.ones(new Shape(size));
        }

        void sum(long size) {
            group.allReduce(ones(size), Reduction.SUM);
        }

        void attempt(String what, Runnable body) {
            long begin = System.nanoTime();
            String result = "returned";
            try {
                body.run();
            } catch (RuntimeException e) {
                result = e.getClass().getSimpleName() + ": " + e.getMessage();
            }
            System.out.println(
                    (name + " " + what).strip() + " " + (System.nanoTime() - begin) / 1_000_000 + " ms " + result);
            System.out.flush();
        }
    }

    private MisuseWorker() {}

    public static void main(String[] args) throws InterruptedException {
        int rank = Integer.parseInt(args[0]);
        for (String argument : List.of(args).subList(1, args.length)) {
            String name = argument.substring(0, argument.indexOf(':'));
            int port = Integer.parseInt(argument.substring(name.length() + 1));
            Duration limit = Duration.ofSeconds(SHORT.contains(name) ? 5 : 60);
            Rendezvous place = new Rendezvous("127.0.0.1", port, rank, 2, Duration.ofSeconds(60), limit);
            try (ProcessGroup group = ProcessGroup.join(Device.cpu(), place);
                    NDManager manager = NDManager.newBaseManager("LibTorch")) {
                WAYS.get(name).go(new Scene(name, group, manager));
            }
        }
        System.out.println("end");
    }

    private static void background(Scene s) {
        List<ProcessGroup.Pending> pending = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            pending.add(s.group.startSum(s.ones(i == 2 && s.group.rank() == 1 ? 70 : 7)));
        }
        s.attempt("0", pending.get(0)::await);
        s.attempt("0 again", pending.get(0)::await);
        s.attempt("1", pending.get(1)::await);
        s.attempt("2", pending.get(2)::await);
        s.attempt("2 again", pending.get(2)::await);
        s.attempt("3", pending.get(3)::await);
        s.attempt("after", s.group::barrier);
    }

    /** What a member finds wrong by itself, before it asks the others: the group goes on. */
    private static void refused(Scene s) {
        NDArray gone = s.ones(3);
        gone.close();
        NDArray text = s.manager.create(new String[] {"a"});
        NDArray sparse =
                s.manager.createCoo(FloatBuffer.wrap(new float[] {1}), new long[][] {{0}, {1}}, new Shape(2, 2));
        Map<String, NDArray> wrong = new TreeMap<>(Map.of(
                "closed",
                gone,
                "strings",
                text,
                "view",
                s.manager.ones(new Shape(2, 3)).transpose(),
                "sparse",
                sparse));
        wrong.forEach((kind, array) -> {
            s.attempt("sum of " + kind, () -> s.group.allReduce(array, Reduction.SUM));
            s.attempt("start of " + kind, () -> s.group.startSum(array));
            s.attempt("broadcast of " + kind, () -> s.group.broadcast(array, 0));
            s.attempt("gather of " + kind, () -> s.group.allGather(s.ones(6), array));
            s.attempt("scatter of " + kind, () -> s.group.reduceScatter(array, s.ones(6)));
        });
        for (int root : new int[] {-1, 2, Integer.MAX_VALUE}) {
            s.attempt("root " + root, () -> s.group.broadcast(s.ones(2), root));
        }
        s.attempt(
                "mean of integers",
                () -> s.group.allReduce(s.manager.ones(new Shape(2), DataType.INT32), Reduction.MEAN));
        s.attempt("nothing", () -> s.group.allReduce(List.of(), Reduction.SUM));
        s.attempt("uneven", () -> s.group.reduceScatter(s.ones(2), s.ones(5)));
        s.attempt("alive", () -> s.sum(3));
    }

    private static void everyType(Scene s) {
        for (DataType type : DataType.values()) {
            if (type == DataType.STRING || type == DataType.UNKNOWN) {
                continue;
            }
            for (Reduction reduction : Reduction.values()) {
                s.attempt(type + " " + reduction, () -> {
                    NDArray array = s.manager.create(s.group.rank() + 1f).toType(type, true);
                    s.group.allReduce(array, reduction);
                    System.out.println(type + " " + reduction + " = "
                            + (type == DataType.COMPLEX64
                                    ? "?"
                                    : array.toType(DataType.FLOAT64, true).getDouble()));
                });
            }
            s.attempt(
                    type + " broadcast",
                    () -> s.group.broadcast(s.manager.ones(new Shape(3)).toType(type, true), 1));
            s.attempt(
                    type + " gather",
                    () -> s.group.allGather(
                            s.manager.ones(new Shape(6)).toType(type, true),
                            s.manager.ones(new Shape(3)).toType(type, true)));
        }
        s.attempt("alive", () -> s.sum(3));
    }

    private static void empty(Scene s) {
        s.attempt("sum", () -> s.sum(0));
        s.attempt("start", () -> s.group.startSum(s.ones(0)).await());
        s.attempt("broadcast", () -> s.group.broadcast(s.ones(0), 1));
        s.attempt("gather", () -> s.group.allGather(s.ones(0), s.ones(0)));
        s.attempt("scatter", () -> s.group.reduceScatter(s.ones(0), s.ones(0)));
        s.attempt("point", () -> s.group.allReduce(s.manager.create(1f), Reduction.SUM));
        s.attempt("some of several", () -> s.group.allReduce(List.of(s.ones(0), s.ones(3)), Reduction.SUM));
        s.attempt("alive", () -> s.sum(3));
    }

    private static void everything(Scene s) {
        s.attempt("sum", () -> s.sum(3));
        s.attempt("start", () -> s.group.startSum(s.ones(3)));
        s.attempt("start broadcast", () -> s.group.startBroadcast(s.ones(3), 0));
        s.attempt("broadcast", () -> s.group.broadcast(s.ones(3), 0));
        s.attempt("gather", () -> s.group.allGather(s.ones(6), s.ones(3)));
        s.attempt("scatter", () -> s.group.reduceScatter(s.ones(3), s.ones(6)));
        s.attempt("barrier", s.group::barrier);
    }

    private static void closed(Scene s) {
        ProcessGroup.Pending done = s.group.startSum(s.ones(3));
        s.attempt("done", done::await);
        ProcessGroup.Pending left = s.group.startSum(s.ones(3));
        s.attempt("meeting", s.group::barrier);
        s.group.close();
        s.attempt("done again", done::await);
        s.attempt("left", left::await);
        everything(s);
        s.attempt("abort", s.group::abort);
        s.attempt("close", s.group::close);
        s.attempt("rank", s.group::rank);
    }

    private static void aborted(Scene s) {
        s.attempt("meeting", s.group::barrier);
        s.group.abort();
        everything(s);
        s.attempt("abort", s.group::abort);
        s.attempt("close", s.group::close);
        s.attempt("close again", s.group::close);
    }

    private static void abortedWhileWaiting(Scene s) throws InterruptedException {
        if (s.group.rank() == 0) {
            Thread other = Thread.ofPlatform().start(() -> {
                pause(300);
                s.group.abort();
            });
            s.attempt("sum", () -> s.sum(100_000));
            other.join();
        } else {
            pause(1_000);
        }
    }

    private static void closedWhileWaiting(Scene s) throws InterruptedException {
        if (s.group.rank() == 0) {
            ProcessGroup.Pending pending = s.group.startSum(s.ones(100_000));
            Thread other = Thread.ofPlatform().start(() -> {
                pause(300);
                s.group.close();
            });
            s.attempt("sum", () -> s.sum(100_000));
            other.join();
            s.attempt("pending", pending::await);
        } else {
            pause(1_000);
        }
    }

    /** Several threads use the group while another one closes it. */
    private static void threads(Scene s) throws InterruptedException {
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            threads.add(Thread.ofPlatform().start(() -> {
                try (NDManager own = NDManager.newBaseManager("LibTorch")) {
                    for (int k = 0; k < 100_000; k++) {
                        s.group.startSum(own.ones(new Shape(50))).await();
                    }
                } catch (RuntimeException e) {
                    System.out.println("threads ended " + e.getClass().getSimpleName());
                }
            }));
        }
        pause(300);
        s.group.close();
        for (Thread thread : threads) {
            thread.join();
        }
    }

    /** The other one is stopped from outside after it printed its number. */
    private static void frozen(Scene s) {
        s.group.barrier();
        System.out.println("pid " + ProcessHandle.current().pid());
        System.out.flush();
        s.attempt("", () -> {
            while (true) {
                s.sum(50_000);
            }
        });
    }

    private static void pause(long millis) {
        try {
            Thread.sleep(millis);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
