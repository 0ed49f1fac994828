package dev.athanor.lm.train;

import static org.assertj.core.api.Assertions.assertThat;

import dev.athanor.libtorch.LaunchSettings;
import dev.athanor.lm.format.SafetensorsFile;
import java.io.IOException;
import java.lang.foreign.ValueLayout;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Processes that train together, as child processes of the test. */
class DataParallelTest {

    @TempDir
    Path folder;

    @ParameterizedTest
    @CsvSource({
        "gpt2, FP32, 1e-5",
        "llama, BF16, 2e-2",
        "experts, FP32, 1e-5",
        "shared, FP32, 1e-5",
        "averaged, FP32, 1e-5"
    })
    void twoProcessesReachTheWeightsOfOne(String kind, Precision precision, double tolerance) throws Exception {
        Path alone = Files.createDirectories(folder.resolve("alone"));
        ParallelTrainer.train(kind, precision, DataParallel.ALONE, alone, -1);
        Path together = folder.resolve("together");
        List<String> told = processes(kind, precision, 2, together);
        assertThat(told).allMatch(lines -> lines.endsWith("done"));
        // Two processes on one machine: what it spends is counted once.
        assertThat(told).allMatch(lines -> lines.contains("joules " + ParallelTrainer.STEPS + " "));
        // Each has scored a part of the held-out text; both know the whole.
        assertThat(told)
                .extracting(lines -> lines.substring(lines.indexOf("loss ")))
                .containsOnly(told.getFirst().substring(told.getFirst().indexOf("loss ")));
        assertWeightsAlike(together, alone, tolerance);
    }

    @ParameterizedTest
    @CsvSource({"gpt2, FP32", "recomputed, BF16", "experts, FP32"})
    void exchangingGradientsDuringTheBackwardPassChangesNoBit(String kind, Precision precision) throws Exception {
        Path overlapped = folder.resolve("overlapped");
        Path inTurn = folder.resolve("in-turn");
        assertThat(processes(kind, precision, 2, overlapped))
                .allMatch(lines -> lines.endsWith("done"))
                .noneMatch(lines -> lines.contains("early 0\n"));
        assertThat(processes(kind, precision, 2, inTurn, "in-turn")).allMatch(lines -> lines.contains("early 0\n"));
        assertThat(overlapped.resolve("model/model.safetensors"))
                .hasSameBinaryContentAs(inTurn.resolve("model/model.safetensors"));
    }

    @Test
    void aStopOfOneStopsBothAndAnyNumberGoesOn() throws Exception {
        Path alone = Files.createDirectories(folder.resolve("alone"));
        ParallelTrainer.train("llama", Precision.FP32, DataParallel.ALONE, alone, -1);
        Path together = Files.createDirectories(folder.resolve("together"));
        Files.createFile(together.resolve("pause"));
        List<String> stopped = processes("llama", Precision.FP32, 2, together);
        assertThat(stopped.get(0)).contains("peer stopped").doesNotContain("loss");
        assertThat(stopped.get(1)).contains("stopped").doesNotContain("loss");
        Files.delete(together.resolve("pause"));
        // Three go on from what two wrote: the optimizer's state is shared out anew.
        assertThat(together.resolve("checkpoints/checkpoint-0000000008.json")).exists();
        assertThat(processes("llama", Precision.FP32, 3, together)).allMatch(lines -> lines.endsWith("done"));
        assertWeightsAlike(together, alone, 1e-5);
    }

    private static void assertWeightsAlike(Path one, Path other, double tolerance) throws IOException {
        try (var a = SafetensorsFile.open(one.resolve("model/model.safetensors"));
                var b = SafetensorsFile.open(other.resolve("model/model.safetensors"))) {
            assertThat(a.tensors().keySet()).isEqualTo(b.tensors().keySet());
            for (String name : a.tensors().keySet()) {
                float[] x = a.tensor(name).bytes().toArray(ValueLayout.JAVA_FLOAT_UNALIGNED);
                float[] y = b.tensor(name).bytes().toArray(ValueLayout.JAVA_FLOAT_UNALIGNED);
                double worst = 0;
                for (int i = 0; i < x.length; i++) {
                    // A key's bias changes no softmax: its gradient is rounding alone, which Adam scales up to steps.
                    if (name.endsWith("c_attn.bias") && i * 3 / x.length == 1) {
                        continue;
                    }
                    worst = Math.max(worst, Math.abs(x[i] - y[i]));
                }
                assertThat(worst).as(name).isLessThanOrEqualTo(tolerance);
            }
        }
    }

    /** What each printed. */
    private static List<String> processes(String kind, Precision precision, int size, Path folder, String... options)
            throws Exception {
        int port;
        try (ServerSocket socket = new ServerSocket(0)) {
            port = socket.getLocalPort();
        }
        List<Process> started = new ArrayList<>();
        for (int rank = 0; rank < size; rank++) {
            started.add(start(kind, precision, rank, size, port, folder, options));
        }
        List<String> outputs = new ArrayList<>();
        for (Process process : started) {
            outputs.add(new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip());
            process.waitFor();
        }
        return outputs;
    }

    private static Process start(
            String kind, Precision precision, int rank, int size, int port, Path folder, String... options)
            throws IOException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(LaunchSettings.jvmFlags());
        command.addAll(List.of(
                "-Xmx256m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                ParallelTrainer.class.getName(),
                kind,
                precision.name(),
                Integer.toString(rank),
                Integer.toString(size),
                Integer.toString(port),
                folder.toString()));
        command.addAll(List.of(options));
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().putAll(LaunchSettings.environment());
        builder.environment().put("OMP_NUM_THREADS", "1");
        return builder.start();
    }
}
