package dev.athanor.libtorch;

import ai.djl.Device;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.bytedeco.pytorch.Generator;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/** The state of libtorch's random generators, so that a resumed run draws what an uninterrupted one would have. */
public final class RngState {
    private static final ReentrantLock DRAWING = new ReentrantLock();

    private RngState() {}

    /**
     * Seeds the generators and runs what draws from them, while nobody else does the same: the generators belong to the whole
     * process, so two trainings at once would take numbers from each other.
     */
    public static <T> T seeded(long seed, Supplier<T> draws) {
        DRAWING.lock();
        try {
            seed(seed);
            return draws.get();
        } finally {
            DRAWING.unlock();
        }
    }

    /**
     * Runs what draws with the generator of {@code device} in an earlier state, while no one else draws from {@link #seeded} numbers;
     * the generator is then as it was.
     *
     * @param state from {@link #get}
     */
    static <T> T replayed(Device device, byte[] state, Supplier<T> draws) {
        DRAWING.lock();
        try {
            byte[] now = get(device);
            try {
                set(device, state);
                return draws.get();
            } finally {
                set(device, now);
            }
        } finally {
            DRAWING.unlock();
        }
    }

    /** Seeds the generators of all devices. */
    public static void seed(long seed) {
        NativeCall.run("seed", () -> torch.manual_seed(seed));
    }

    /** The state of the default generator of {@code device}: 5,056 bytes on a CPU, 16 on CUDA. */
    public static byte[] get(Device device) {
        return NativeCall.value("getRngState", () -> {
            Generator generator = generator(device);
            return RawData.copyOut(generator.get_state(), false).array();
        });
    }

    /**
     * Brings the default generator of {@code device} to a state from {@link #get}.
     *
     * @throws ai.djl.engine.EngineException if the bytes are no such state
     */
    public static void set(Device device, byte[] state) {
        NativeCall.run(
                "setRngState",
                () -> {
                    Tensor bytes = torch.empty(
                            new long[] {state.length},
                            new org.bytedeco.pytorch.TensorOptions(torch.ScalarType.Byte),
                            Absent.FORMAT);
                    RawData.segment(bytes).copyFrom(java.lang.foreign.MemorySegment.ofArray(state));
                    generator(device).set_state(bytes);
                },
                state.length);
    }

    private static Generator generator(Device device) {
        return torch.globalContext().defaultGenerator(LtTypes.torchDevice(device));
    }
}
