package dev.athanor.libtorch;

import ai.djl.Device;
import ai.djl.engine.EngineException;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.bytedeco.javacpp.Loader;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch_gloo;

/** Says what the engine found on this machine, what is missing, and what would make it faster. Exits with 1 if it cannot run. */
public final class Doctor {
    private static final List<String> CPU_FEATURES =
            List.of("avx2", "avx512f", "avx512_bf16", "avx512_vnni", "amx_tile", "amx_bf16", "amx_int8");

    /** Libraries that the GPU natives, or those of CUDA that they link to, need from the host, by the names the loader looks for. */
    private static final List<String> CUDA_LIBRARIES = List.of(
            "libcudart.so.13",
            "libcublas.so.13",
            "libcublasLt.so.13",
            "libcudnn.so.9",
            "libcudnn_graph.so.9",
            "libcudnn_ops.so.9",
            "libcudnn_cnn.so.9",
            "libcudnn_adv.so.9",
            "libcufft.so.12",
            "libcurand.so.10",
            "libcusparse.so.12",
            "libcusolver.so.12",
            "libcupti.so.13",
            "libcufile.so.0",
            "libnvJitLink.so.13",
            "libnccl.so.2");

    private final PrintStream out;

    Doctor(PrintStream out) {
        this.out = out;
    }

    /** Takes no arguments. */
    public static void main(String[] args) {
        System.exit(new Doctor(System.out).run() ? 0 : 1);
    }

    boolean run() {
        line("java", Runtime.version() + " (" + System.getProperty("java.vm.name") + ")");
        line("platform", Loader.getPlatform() + ", " + Runtime.getRuntime().availableProcessors() + " processors");
        cpu();
        LtEngine engine;
        try {
            engine = LtEngine.instance();
        } catch (EngineException | NoClassDefFoundError e) {
            line("libtorch", "MISSING: " + e.getMessage());
            return false;
        }
        line("libtorch", engine.getVersion() + ", " + torch.get_num_threads() + " threads");
        line("oneDNN", torch.hasMKLDNN() ? "yes" : "MISSING: bfloat16 will be slow");
        line("BLAS", loaded("mkl_rt", "mkl_core", "openblas"));
        line("OpenMP", loaded("libiomp", "libgomp"));
        line("float32 products", Float32Precision.current().name().toLowerCase(Locale.ROOT) + " precision");
        line("allocator", loaded("tcmalloc", "jemalloc", "mimalloc").replace("none", "glibc"));
        line("Gloo", loads(torch_gloo.class) ? "yes" : "MISSING");
        cuda(engine);
        for (String problem : LaunchSettings.problems(System.getenv())) {
            line("launch", "BAD: " + problem);
        }
        for (String hint : LaunchSettings.hints(System.getenv())) {
            line("launch", "hint: " + hint);
        }
        return speed(engine.defaultDevice());
    }

    private void cpu() {
        Set<String> found = new TreeSet<>();
        String model = "unknown";
        try (Stream<String> lines = Files.lines(Path.of("/proc/cpuinfo"))) {
            for (String text : (Iterable<String>) lines::iterator) {
                if (text.startsWith("model name")) {
                    model = text.substring(text.indexOf(':') + 1).strip();
                } else if (text.startsWith("flags")) {
                    found.addAll(List.of(text.split(" ")));
                    break;
                }
            }
        } catch (IOException e) {
            line("cpu", "unknown: " + e.getMessage());
            return;
        }
        found.retainAll(CPU_FEATURES);
        line("cpu", model);
        String bfloat16 = found.contains("amx_bf16")
                ? ""
                : found.contains("avx512_bf16")
                        ? ", no AMX: bfloat16 products by AVX-512"
                        : ", neither AMX nor avx512_bf16: bfloat16 products gain little";
        line("cpu features", found + bfloat16);
    }

    private void cuda(LtEngine engine) {
        boolean natives =
                Loader.class.getClassLoader().getResource("org/bytedeco/pytorch/linux-x86_64-gpu/libtorch_cuda.so")
                        != null;
        line(
                "CUDA natives",
                natives
                        ? "on the class path"
                        : "not on the class path (org.bytedeco:pytorch, classifier linux-x86_64-gpu)");
        if (engine.getGpuCount() > 0) {
            line("CUDA", engine.getGpuCount() + " GPUs, cuDNN " + org.bytedeco.pytorch.Context.versionCuDNN());
            line("NCCL", CudaRuntime.ncclLoads() ? "yes" : "MISSING: no collectives on GPUs");
            return;
        }
        boolean driver = Files.exists(Path.of("/proc/driver/nvidia/version"));
        line("CUDA", "not in use: the NVIDIA driver is " + (driver ? "there" : "not there"));
        if (natives || driver) {
            List<String> missing = new ArrayList<>();
            for (String library : CUDA_LIBRARIES) {
                if (find(library) == null) {
                    missing.add(library);
                }
            }
            line(
                    "CUDA libraries",
                    missing.isEmpty() ? "all found" : "MISSING from LD_LIBRARY_PATH and the usual folders: " + missing);
        }
    }

    private static @org.jspecify.annotations.Nullable Path find(String library) {
        List<String> folders = new ArrayList<>(
                List.of(System.getenv().getOrDefault("LD_LIBRARY_PATH", "").split(":")));
        folders.addAll(
                List.of("/usr/local/cuda/lib64", "/usr/lib/x86_64-linux-gnu", "/usr/lib64", "/lib/x86_64-linux-gnu"));
        for (String folder : folders) {
            Path file = Path.of(folder, library);
            if (!folder.isEmpty() && Files.exists(file)) {
                return file;
            }
        }
        return null;
    }

    private static boolean loads(Class<?> type) {
        try {
            Loader.load(type);
            return true;
        } catch (UnsatisfiedLinkError e) {
            return false;
        }
    }

    /** Which of the names appear among the mapped files of the process. */
    private static String loaded(String... names) {
        Set<String> found = new TreeSet<>();
        try (Stream<String> lines = Files.lines(Path.of("/proc/self/maps"))) {
            lines.forEach(text -> {
                String file = text.substring(text.lastIndexOf('/') + 1);
                for (String name : names) {
                    if (text.contains("/") && file.contains(name)) {
                        found.add(file);
                    }
                }
            });
        } catch (IOException e) {
            return "unknown";
        }
        return found.isEmpty() ? "none" : String.join(", ", found);
    }

    /** A matrix product on the default device: it proves that the engine computes, and says how fast. */
    private boolean speed(Device device) {
        try (NDManager manager = LtNDManager.system().newSubManager(device)) {
            for (DataType type : new DataType[] {DataType.FLOAT32, DataType.BFLOAT16}) {
                int n = device.isGpu() ? 4096 : 1024;
                var a = manager.ones(new Shape(n, n), type);
                double best = 0;
                for (int i = 0; i < 4; i++) {
                    long start = System.nanoTime();
                    try (var c = a.matMul(a)) {
                        Transfer.synchronize(device);
                        best = Math.max(best, 2.0 * n * n * n / (System.nanoTime() - start));
                    }
                }
                line("matmul " + type, String.format(Locale.ROOT, "%.0f GFLOP/s on %s", best, device));
            }
            return true;
        } catch (EngineException e) {
            line("matmul", "FAILED: " + e.getMessage());
            return false;
        }
    }

    private void line(String name, String text) {
        out.printf("%-16s %s%n", name, text);
    }
}
