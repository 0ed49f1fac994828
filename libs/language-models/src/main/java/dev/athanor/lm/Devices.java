package dev.athanor.lm;

import ai.djl.Device;
import ai.djl.engine.Engine;
import ai.djl.ndarray.NDManager;
import dev.athanor.libtorch.LtEngine;

/** Devices by the names that specifications use. */
public final class Devices {

    private Devices() {}

    /** The LibTorch engine. */
    public static Engine engine() {
        return Engine.getEngine(LtEngine.NAME);
    }

    /** A manager to be closed by the caller. */
    public static NDManager newManager(Device device) {
        return engine().newBaseManager(device);
    }

    /**
     * @param name {@code cpu}, {@code gpu} (the first), {@code gpu1}, … or {@code auto}: the first GPU, if there is one
     * @throws IllegalArgumentException if this machine has no such device
     */
    public static Device of(String name) {
        int gpus = engine().getGpuCount();
        if (name.equals("auto")) {
            return gpus > 0 ? Device.gpu(0) : Device.cpu();
        }
        if (name.equals("cpu")) {
            return Device.cpu();
        }
        if (name.matches("gpu\\d{0,3}")) {
            int index = name.length() == 3 ? 0 : Integer.parseInt(name.substring(3));
            if (index < gpus) {
                return Device.gpu(index);
            }
        }
        throw new IllegalArgumentException(
                "device is '" + name + "', expected auto, cpu" + (gpus > 0 ? " or gpu0 to gpu" + (gpus - 1) : ""));
    }
}
