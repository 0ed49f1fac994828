package dev.athanor.libtorch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Two JVMs on one machine. */
class ProcessGroupTest {
    @Test
    void allCollectivesAreRightInTwoProcesses() throws Exception {
        int port = freePort();
        Process first = start("exchange", 0, port);
        Process second = start("exchange", 1, port);
        List<String> one = lines(first);
        List<String> two = lines(second);
        for (List<String> output : List.of(one, two)) {
            assertThat(output).anyMatch(line -> line.startsWith("sum float32 true"));
            assertThat(output).anyMatch(line -> line.startsWith("sum bfloat16 true"));
            assertThat(output)
                    .contains(
                            "mean [0.5, 5.0]",
                            "max [1.0, 0.0]",
                            "broadcast [6.0]",
                            "gather [0.0, 0.5, 1.0, 1.5]",
                            "done");
        }
        assertThat(one).contains("scatter [3.0, 6.0]");
        assertThat(two).contains("scatter [9.0, 12.0]");
    }

    @Test
    void aKilledPeerIsAnErrorOfTheOthers() throws Exception {
        int port = freePort();
        Process survivor = start("die", 0, port);
        Process victim = start("die", 1, port);
        BufferedReader reader = victim.inputReader(StandardCharsets.UTF_8);
        String line = reader.readLine();
        while (line != null && !line.equals("running")) {
            line = reader.readLine();
        }
        assertThat(line).isEqualTo("running");
        long killed = System.nanoTime();
        victim.destroyForcibly();
        List<String> output = lines(survivor);
        assertThat(Duration.ofNanos(System.nanoTime() - killed)).isLessThan(Duration.ofSeconds(120));
        assertThat(survivor.exitValue()).isEqualTo(1);
        assertThat(String.join("\n", output)).contains("EngineException").contains("allReduce");
    }

    @Test
    void operationsOfALostGroupDamageNoMemory() throws Exception {
        int port = freePort();
        Process survivor = start("leave", 0, port);
        Process victim = start("leave", 1, port);
        assertThat(lines(survivor)).contains("lost", "left").noneMatch(line -> line.startsWith("damaged"));
        assertThat(survivor.exitValue()).isZero();
        assertThat(victim.waitFor(60, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void aPlaceThatCannotBeIsRefused() {
        Duration second = Duration.ofSeconds(1);
        assertThatThrownBy(() -> new Rendezvous("localhost", 0, 0, 1, second)).hasMessageContaining("port is 0");
        assertThatThrownBy(() -> new Rendezvous("localhost", 1, 2, 2, second)).hasMessageContaining("rank 2 of 2");
        assertThatThrownBy(() -> new Rendezvous("localhost", 1, 0, 1, Duration.ZERO))
                .hasMessageContaining("timeout");
    }

    @Test
    void nobodyToMeetIsAnErrorWithinTheTimeout() throws Exception {
        Rendezvous lonely = new Rendezvous("127.0.0.1", freePort(), 1, 2, Duration.ofSeconds(2));
        assertThatThrownBy(() -> ProcessGroup.join(ai.djl.Device.cpu(), lonely))
                .isInstanceOf(ai.djl.engine.EngineException.class)
                .hasMessageContaining("join");
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }

    private static Process start(String mode, int rank, int port) throws IOException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(LaunchSettings.jvmFlags());
        command.addAll(List.of(
                "-Xmx256m",
                "-cp",
                System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                CollectiveWorker.class.getName(),
                mode,
                Integer.toString(rank),
                Integer.toString(port)));
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().putAll(LaunchSettings.environment());
        return builder.start();
    }

    private static List<String> lines(Process process) throws InterruptedException {
        List<String> lines = process.inputReader(StandardCharsets.UTF_8).lines().toList();
        assertThat(process.waitFor(120, TimeUnit.SECONDS)).isTrue();
        return lines;
    }
}
