package dev.athanor.standalone.cli;

import java.util.List;

/** Flags of the server's JVM. Native settings (threads, BLAS, allocator) are environment variables, set by the launcher. */
final class JvmFlags {

    private JvmFlags() {}

    static List<String> server(String memory) {
        return List.of(
                "-Xmx" + memory,
                // The parallel collector starts fast and suits two cores; pauses do not matter next to training steps.
                "-XX:+UseParallelGC",
                "-XX:TieredStopAtLevel=4",
                "-Xshare:auto",
                "-XX:+ExitOnOutOfMemoryError",
                // Kernels in Java, of training and of generation.
                "--add-modules=jdk.incubator.vector",
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "-Dorg.bytedeco.javacpp.maxphysicalbytes=0",
                "-Dorg.springframework.boot.logging.LoggingSystem=none",
                "-Dlogback.configurationFile=athanor-standalone-logback.xml",
                "-Djava.awt.headless=true",
                "-Dfile.encoding=UTF-8");
    }
}
