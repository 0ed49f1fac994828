package dev.athanor.libtorch;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The environment and the JVM flags under which libtorch runs well. They must be set before the JVM starts, since the libraries
 * read them as they load. The variables stand in one file, {@code launch.env} of this module: the launcher reads it as shell, and
 * it is a resource of the jar for everyone else.
 *
 * <p>Run as a program it prints them for {@code eval} in a shell: {@code export NAME="…"}, then {@code ATHANOR_JVM_FLAGS}. What is
 * set already stays.
 */
public final class LaunchSettings {
    private static final Logger LOGGER = LoggerFactory.getLogger(LaunchSettings.class);
    private static final AtomicBoolean WARNED = new AtomicBoolean();

    private LaunchSettings() {}

    /**
     * The variables of {@code launch.env}. OpenBLAS keeps to one thread because libtorch's own OpenMP threads call it; waiting OpenMP
     * threads sleep instead of spinning against each other; the C allocator keeps freed memory in huge pages instead of giving it
     * back.
     */
    public static Map<String, String> environment() {
        try (InputStream in = LaunchSettings.class.getResourceAsStream("launch.env")) {
            if (in == null) {
                throw new IllegalStateException("launch.env is missing from the jar of libtorch-engine");
            }
            Map<String, String> variables = new LinkedHashMap<>();
            for (String line : new String(in.readAllBytes(), StandardCharsets.UTF_8).split("\n")) {
                int equals = line.indexOf('=');
                if (!line.startsWith("#") && equals > 0) {
                    variables.put(
                            line.substring(0, equals).strip(),
                            line.substring(equals + 1).strip());
                }
            }
            return variables;
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read launch.env", e);
        }
    }

    /** Flags of the JVM: vectors for the kernels in Java, native access, and no polling of the process size by JavaCPP. */
    public static List<String> jvmFlags() {
        return List.of(
                "--add-modules=jdk.incubator.vector",
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "-Dorg.bytedeco.javacpp.maxphysicalbytes=0");
    }

    /** What is badly set in {@code environment}, one clause each; empty if all is well. */
    public static List<String> problems(Map<String, String> environment) {
        List<String> problems = new ArrayList<>();
        boolean oneThread = "1".equals(environment.get("OMP_NUM_THREADS"));
        boolean mkl = "mkl".equals(System.getProperty("org.bytedeco.openblas.load"));
        String blas = environment.get("OPENBLAS_NUM_THREADS");
        if (!"1".equals(blas) && !oneThread && !mkl) {
            problems.add(was("OPENBLAS_NUM_THREADS", blas)
                    + "expected 1 (its threads and libtorch's fight: up to 10 times slower)");
        }
        String wait = environment.get("OMP_WAIT_POLICY");
        if (!"PASSIVE".equalsIgnoreCase(wait) && !oneThread) {
            problems.add(was("OMP_WAIT_POLICY", wait) + "expected PASSIVE");
        }
        return problems;
    }

    /** What is merely not the best in {@code environment}: for the doctor, not worth a warning. */
    static List<String> hints(Map<String, String> environment) {
        List<String> hints = new ArrayList<>();
        Set<String> preloads = Set.of("tcmalloc", "jemalloc", "mimalloc");
        String preload = environment.getOrDefault("LD_PRELOAD", "");
        if (!environment.containsKey("GLIBC_TUNABLES") && preloads.stream().noneMatch(preload::contains)) {
            hints.add(
                    "GLIBC_TUNABLES is unset: freed memory goes back to the system, which costs up to a quarter of a step");
        }
        return hints;
    }

    private static String was(String name, @org.jspecify.annotations.Nullable String value) {
        return name + " is " + (value == null ? "unset, " : value + ", ");
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
        environment().forEach((name, value) -> lines.append("export %s=\"${%s:-%s}\"%n".formatted(name, name, value)));
        System.out.print(lines.append("ATHANOR_JVM_FLAGS='")
                .append(String.join(" ", jvmFlags()))
                .append("'\n"));
    }
}
