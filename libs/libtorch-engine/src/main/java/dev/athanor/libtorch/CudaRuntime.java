package dev.athanor.libtorch;

import org.bytedeco.pytorch.cuda.DeviceStats;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch_cuda;

/** What only exists with the CUDA natives: touched on GPUs alone, so that a CPU installation never loads it. */
final class CudaRuntime {
    private CudaRuntime() {}

    static MemoryStats.Gpu memory(int device) {
        DeviceStats stats = torch_cuda.getAllocator().getDeviceStats((byte) device);
        return new MemoryStats.Gpu(
                stats.allocated_bytes().current(),
                stats.allocated_bytes().peak(),
                stats.reserved_bytes().current());
    }

    static void synchronize(int device) {
        torch.cuda_synchronize(device);
    }
}
