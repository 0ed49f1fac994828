package dev.athanor.libtorch;

import ai.djl.Device;
import ai.djl.Model;
import ai.djl.engine.Engine;
import ai.djl.engine.EngineException;
import ai.djl.engine.StandardCapabilities;
import ai.djl.ndarray.NDManager;
import ai.djl.nn.SymbolBlock;
import ai.djl.training.GradientCollector;
import org.bytedeco.javacpp.Loader;
import org.bytedeco.pytorch.global.torch;
import org.jspecify.annotations.Nullable;

/**
 * DJL engine {@code LibTorch} over {@code org.bytedeco:pytorch}. Runs on CUDA when the class path carries the GPU natives and the
 * machine the CUDA libraries, on the CPU otherwise; downloads nothing.
 */
public final class LtEngine extends Engine {
    /** The name to give to {@code Engine.getEngine} or {@code DJL_DEFAULT_ENGINE}. */
    public static final String NAME = "LibTorch";

    /** Below the rank of DJL's own PyTorch engine, so that this one is the default where both are present. */
    static final int RANK = 1;

    private static final String VERSION = version();

    private final boolean cuda;

    private LtEngine() {
        LaunchSettings.warnIfBad();
        cuda = torch.cuda_is_available();
        // oneDNN does convolutions; NNPACK, tried after it, writes a warning a call on processors that it does not
        // know.
        torch.globalContext().setUserEnabledNNPACK(false);
        Threads.apply(System.getenv());
        Float32Precision.applyEnvironment(System.getenv(Float32Precision.VARIABLE));
    }

    static LtEngine instance() {
        return Holder.ENGINE;
    }

    @Override
    public @Nullable Engine getAlternativeEngine() {
        return null;
    }

    @Override
    public String getEngineName() {
        return NAME;
    }

    @Override
    public int getRank() {
        return RANK;
    }

    /** The libtorch version, for instance {@code 2.10.0}. */
    @Override
    public String getVersion() {
        return VERSION;
    }

    private static String version() {
        try {
            String version = Loader.getVersion("org.bytedeco", "pytorch");
            return version == null ? "unknown" : version.replaceFirst("-.*", "");
        } catch (java.io.IOException e) {
            return "unknown";
        }
    }

    @Override
    public boolean hasCapability(String capability) {
        return switch (capability) {
            case StandardCapabilities.CUDA -> cuda;
            case StandardCapabilities.CUDNN -> cuda && torch.globalContext().hasCuDNN();
            case StandardCapabilities.MKLDNN -> torch.globalContext().hasMKLDNN();
            case StandardCapabilities.MKL -> torch.globalContext().hasMKL();
            case StandardCapabilities.OPENMP -> torch.globalContext().hasOpenMP();
            default -> false;
        };
    }

    @Override
    public Device defaultDevice() {
        return cuda ? Device.gpu(0) : Device.cpu();
    }

    @Override
    public int getGpuCount() {
        return cuda ? torch.cuda_device_count() : 0;
    }

    @Override
    public SymbolBlock newSymbolBlock(NDManager manager) {
        return new LtSymbolBlock((LtNDManager) manager);
    }

    @Override
    public Model newModel(String name, Device device) {
        return new LtModel(name, device);
    }

    @Override
    public NDManager newBaseManager() {
        return LtNDManager.system().newSubManager(null);
    }

    @Override
    public NDManager newBaseManager(@Nullable Device device) {
        return LtNDManager.system().newSubManager(device);
    }

    @Override
    public GradientCollector newGradientCollector() {
        return new LtGradientCollector();
    }

    @Override
    public void setRandomSeed(int seed) {
        super.setRandomSeed(seed);
        torch.manual_seed(seed);
    }

    private static final class Holder {
        static final LtEngine ENGINE = load();

        private static LtEngine load() {
            try {
                Loader.load(torch.class);
                return new LtEngine();
            } catch (UnsatisfiedLinkError | ExceptionInInitializerError e) {
                throw new EngineException(
                        "libtorch could not be loaded: the class path needs org.bytedeco:pytorch, openblas and javacpp with the "
                                + "classifier of this platform (" + Loader.getPlatform() + ")",
                        e);
            }
        }
    }
}
