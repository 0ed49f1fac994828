package dev.athanor.libtorch;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The environment and the JVM flags under which libtorch runs well. They must be set before the JVM starts, since the libraries
 * read them as they load; the launcher, the services and the tests take them from here.
 *
 * <p>Run as a program it prints them as shell lines: {@code export NAME='value'}, then {@code ATHANOR_JVM_FLAGS}.
 */
public final class LaunchSettings {
    private static final Logger LOGGER = LoggerFactory.getLogger(LaunchSettings.class);
    private static final AtomicBoolean WARNED = new AtomicBoolean();

    private static final String MALLOC =
            "glibc.malloc.hugetlb=1:glibc.malloc.mmap_max=0:glibc.malloc.arena_max=1:glibc.malloc.trim_threshold=17179869184";

    private LaunchSettings() {}

    /**
     * Variables to set. OpenBLAS keeps to one thread because libtorch's own OpenMP threads call it; waiting OpenMP threads sleep
     * instead of spinning against each other; the C allocator keeps freed memory in huge pages instead of giving it back.
     */
    public static Map<String, String> environment() {
        Map<String, String> variables = new LinkedHashMap<>();
        variables.put("OPENBLAS_NUM_THREADS", "1");
        variables.put("OMP_WAIT_POLICY", "PASSIVE");
        variables.put("GLIBC_TUNABLES", MALLOC);
        return variables;
    }

    /** Flags of the JVM: native access, and no polling of the process size by JavaCPP. */
    public static List<String> jvmFlags() {
        return List.of(
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "-Dorg.bytedeco.javacpp.maxphysicalbytes=0");
    }

    /** What is badly set in {@code environment}, one sentence each; empty if all is well. */
    public static List<String> problems(Map<String, String> environment) {
        List<String> problems = new ArrayList<>();
        String blas = environment.get("OPENBLAS_NUM_THREADS");
        if (!"1".equals(blas) && !"1".equals(environment.get("OMP_NUM_THREADS"))) {
            problems.add("OPENBLAS_NUM_THREADS is " + (blas == null ? "unset" : blas)
                    + ", expected 1 (OpenBLAS and OpenMP threads fight: up to 10 times slower)");
        }
        String wait = environment.get("OMP_WAIT_POLICY");
        if (wait == null || !wait.equalsIgnoreCase("PASSIVE")) {
            problems.add("OMP_WAIT_POLICY is " + (wait == null ? "unset" : wait) + ", expected PASSIVE");
        }
        return problems;
    }

    /** Logs one line, once a process, if the settings are bad. */
    static void warnIfBad() {
        List<String> problems = problems(System.getenv());
        if (!problems.isEmpty() && WARNED.compareAndSet(false, true)) {
            LOGGER.warn("libtorch is badly launched: {}", String.join("; ", problems));
        }
    }

    /** Prints the settings for {@code eval} in a shell. */
    public static void main(String[] args) {
        StringBuilder lines = new StringBuilder();
        environment()
                .forEach((name, value) -> lines.append("export ")
                        .append(name)
                        .append("=\"${")
                        .append(name)
                        .append(":-")
                        .append(value)
                        .append("}\"\n"));
        lines.append("ATHANOR_JVM_FLAGS='").append(String.join(" ", jvmFlags())).append("'\n");
        System.out.print(lines);
    }
}
