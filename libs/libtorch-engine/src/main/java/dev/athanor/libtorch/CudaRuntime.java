package dev.athanor.libtorch;

import org.bytedeco.javacpp.Loader;
import org.bytedeco.javacpp.chrono.Milliseconds;
import org.bytedeco.pytorch.Backend;
import org.bytedeco.pytorch.TCPStore;
import org.bytedeco.pytorch.cuda.DeviceStats;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch_cuda;
import org.bytedeco.pytorch.global.torch_nccl;
import org.bytedeco.pytorch.nccl.ProcessGroupNCCL;

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

    static Backend nccl(TCPStore store, Rendezvous place) {
        Loader.load(torch_nccl.class);
        ProcessGroupNCCL.Options options = ProcessGroupNCCL.Options.create();
        options.timeout(new Milliseconds(place.timeout().toMillis()));
        return new ProcessGroupNCCL(store, place.rank(), place.worldSize(), options);
    }

    static boolean ncclLoads() {
        try {
            Loader.load(torch_nccl.class);
            return true;
        } catch (UnsatisfiedLinkError | NoClassDefFoundError e) {
            return false;
        }
    }

    static void synchronize(int device) {
        torch.cuda_synchronize(device);
    }
}
