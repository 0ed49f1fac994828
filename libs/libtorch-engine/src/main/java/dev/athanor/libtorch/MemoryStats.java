package dev.athanor.libtorch;

import ai.djl.Device;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.bytedeco.javacpp.Pointer;

/**
 * What the process holds.
 *
 * @param nativeObjects live native objects that Java knows of (tensors, scalars, ...)
 * @param residentBytes resident set of the process; -1 where the system does not tell
 * @param heapBytes used Java heap
 * @param liveArrays open arrays of the engine
 */
public record MemoryStats(long nativeObjects, long residentBytes, long heapBytes, long liveArrays) {
    /** The figures of now. */
    public static MemoryStats now() {
        Runtime runtime = Runtime.getRuntime();
        return new MemoryStats(
                Pointer.totalCount(), resident(), runtime.totalMemory() - runtime.freeMemory(), LtNDArray.liveCount());
    }

    private static long resident() {
        try {
            String[] pages = Files.readString(Path.of("/proc/self/statm")).split(" ");
            return Long.parseLong(pages[1]) * 4096;
        } catch (IOException | RuntimeException e) {
            return -1;
        }
    }

    /** Allocated and reserved bytes of CUDA's caching allocator on {@code device}; zeros on a CPU. */
    public static Gpu gpu(Device device) {
        return device.isGpu() ? CudaRuntime.memory(device.getDeviceId()) : new Gpu(0, 0, 0);
    }

    /**
     * Memory of one GPU as the caching allocator sees it.
     *
     * @param allocatedBytes in live tensors
     * @param peakBytes the most that was allocated
     * @param reservedBytes taken from the driver
     */
    public record Gpu(long allocatedBytes, long peakBytes, long reservedBytes) {}
}
