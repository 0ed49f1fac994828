package dev.athanor.libtorch;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import org.bytedeco.pytorch.Tensor;

/** Copies between host and device that do not wait. On a CPU-only machine they are plain copies. */
public final class Transfer {
    private Transfer() {}

    /** A copy in page-locked host memory, from which {@link #toDeviceAsync} can copy without waiting; a plain copy without CUDA. */
    public static NDArray pinned(NDArray array) {
        return NativeCall.array(
                (LtNDManager) array.getManager(),
                "pinned",
                () -> {
                    Tensor host = LtNDArray.tensor(array).detach().cpu().contiguous();
                    return LtEngine.instance().getGpuCount() > 0 ? host.pin_memory() : host.clone();
                },
                array);
    }

    /**
     * Starts a copy to {@code device} and returns at once. The copy is ordered before later work on the device's current stream; the
     * source must stay open and unchanged until then.
     */
    public static NDArray toDeviceAsync(NDArray array, Device device) {
        return NativeCall.array(
                (LtNDManager) array.getManager(),
                "toDeviceAsync",
                () -> {
                    Tensor tensor = LtNDArray.tensor(array);
                    return tensor.to(LtTypes.torchDevice(device), tensor.scalar_type(), true, false, Absent.FORMAT);
                },
                array,
                device);
    }

    /** Waits for all work on {@code device}; nothing to wait for on a CPU. */
    public static void synchronize(Device device) {
        if (device.isGpu()) {
            CudaRuntime.synchronize(device.getDeviceId());
        }
    }
}
