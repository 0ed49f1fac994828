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

    @Test
    void membersThatCallDifferentOperationsAreToldSo() throws Exception {
        for (List<String> output :
                misuse("sizes", "smaller", "types", "order", "roots", "reductions", "parts", "background")) {
            assertThat(said(output, "sizes sum"))
                    .contains("EngineException")
                    .contains("member 0 allReduce SUM of 4 float32, member 1 allReduce SUM of 1000 float32");
            assertThat(said(output, "smaller sum")).contains("200000 float32").contains("10 float32");
            assertThat(said(output, "types sum")).contains("4 float32").contains("4 int32");
            assertThat(said(output, "order first")).contains("allReduce").contains("broadcast from 0");
            assertThat(said(output, "roots broadcast")).contains("from 0").contains("from 1");
            assertThat(said(output, "reductions combine")).contains("MAX").contains("SUM");
            assertThat(said(output, "parts sums")).contains("different operations");
            for (String right : List.of("0", "0 again", "1")) {
                assertThat(said(output, "background " + right)).endsWith("returned");
            }
            for (String wrong : List.of("2", "2 again", "3", "after")) {
                assertThat(said(output, "background " + wrong))
                        .contains("EngineException")
                        .contains("7 float32")
                        .contains("70 float32");
            }
        }
    }

    @Test
    void wrongArgumentsAreRefusedAndTheGroupGoesOn() throws Exception {
        for (List<String> output : misuse("refused", "every-type", "empty")) {
            for (String operation : List.of("sum", "start", "broadcast", "gather", "scatter")) {
                assertThat(said(output, "refused " + operation + " of closed")).contains("IllegalStateException");
                assertThat(said(output, "refused " + operation + " of strings")).contains("Exception");
                assertThat(said(output, "refused " + operation + " of view")).contains("IllegalArgumentException");
                assertThat(said(output, "refused " + operation + " of sparse")).contains("IllegalArgumentException");
                assertThat(said(output, "empty " + operation)).endsWith("returned");
            }
            for (String root : List.of("-1", "2", "2147483647")) {
                assertThat(said(output, "refused root " + root)).contains("IllegalArgumentException");
            }
            assertThat(said(output, "refused mean of integers")).contains("int32(2)");
            for (String type : "float32 float64 float16 bfloat16 int8 uint8 int32 int64".split(" ")) {
                assertThat(output).contains(type + " SUM = 3.0", type + " MAX = 2.0", type + " MIN = 1.0");
            }
            for (String type : "int16 uint16 uint32 uint64 complex64 boolean".split(" ")) {
                assertThat(said(output, "every-type " + type + " broadcast")).endsWith("returned");
                assertThat(said(output, "every-type " + type + " gather")).endsWith("returned");
            }
            assertThat(said(output, "every-type int16 SUM"))
                    .contains("EngineException")
                    .contains("int16");
            for (String way : List.of("refused", "every-type", "empty")) {
                assertThat(said(output, way + " alive")).endsWith("returned");
            }
        }
    }

    @Test
    void aGroupThatWasLeftRaisesAndNeverCrashes() throws Exception {
        List<List<String>> outputs =
                misuse("closed", "aborted", "aborted-while-waiting", "closed-while-waiting", "one-more", "threads");
        for (List<String> output : outputs) {
            assertThat(said(output, "closed done again")).endsWith("returned");
            assertThat(said(output, "closed left")).contains("EngineException").contains("closed");
            for (String call :
                    List.of("sum", "start", "start broadcast", "broadcast", "gather", "scatter", "barrier")) {
                assertThat(said(output, "closed " + call)).contains("IllegalStateException");
                assertThat(said(output, "aborted " + call)).contains("EngineException");
            }
            for (String call : List.of("closed abort", "closed close", "aborted abort", "aborted close again")) {
                assertThat(said(output, call)).endsWith("returned");
            }
            assertThat(output)
                    .filteredOn(line -> line.startsWith("threads ended"))
                    .hasSize(4);
        }
        List<String> first = outputs.getFirst();
        assertThat(said(first, "one-more barrier")).contains("no answer from the group within PT5S");
        for (String waiting :
                List.of("aborted-while-waiting sum", "closed-while-waiting sum", "closed-while-waiting pending")) {
            assertThat(said(first, waiting)).contains("EngineException");
        }
    }

    @Test
    void aFrozenPeerIsAnErrorWithinTheTimeout() throws Exception {
        String way = "frozen:" + freePort();
        Process survivor = start(MisuseWorker.class, "0", way);
        Process frozen = start(MisuseWorker.class, "1", way);
        try {
            BufferedReader reader = frozen.inputReader(StandardCharsets.UTF_8);
            String line = reader.readLine();
            while (line != null && !line.startsWith("pid ")) {
                line = reader.readLine();
            }
            assertThat(line).isNotNull();
            assertThat(new ProcessBuilder("kill", "-STOP", Long.toString(frozen.pid()))
                            .start()
                            .waitFor())
                    .isZero();
            List<String> output = lines(survivor);
            assertThat(said(output, "frozen"))
                    .contains("EngineException")
                    .contains("no answer from the group within PT5S");
            assertThat(output).contains("end");
            assertThat(survivor.exitValue()).isZero();
        } finally {
            frozen.destroyForcibly();
        }
    }

    /** What two members print that go these ways together; both must end in peace. */
    private static List<List<String>> misuse(String... ways) throws Exception {
        List<String> arguments = new ArrayList<>();
        for (String way : ways) {
            arguments.add(way + ":" + freePort());
        }
        List<Process> members = new ArrayList<>();
        for (String rank : List.of("0", "1")) {
            List<String> own = new ArrayList<>(List.of(rank));
            own.addAll(arguments);
            members.add(start(MisuseWorker.class, own.toArray(String[]::new)));
        }
        List<List<String>> outputs = new ArrayList<>();
        for (Process member : members) {
            List<String> output = lines(member);
            assertThat(member.exitValue()).as(String.join("\n", output)).isZero();
            assertThat(output).contains("end");
            outputs.add(output);
        }
        return outputs;
    }

    private static String said(List<String> output, String what) {
        return output.stream()
                .filter(line -> line.matches(java.util.regex.Pattern.quote(what) + " \\d+ ms .*"))
                .findFirst()
                .orElseThrow(() -> new AssertionError("nothing of " + what + " in " + output));
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }

    private static Process start(String mode, int rank, int port) throws IOException {
        return start(CollectiveWorker.class, mode, Integer.toString(rank), Integer.toString(port));
    }

    private static Process start(Class<?> main, String... arguments) throws IOException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(LaunchSettings.jvmFlags());
        command.addAll(List.of(
                "-Xmx256m",
                "-cp",
                System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                main.getName()));
        command.addAll(List.of(arguments));
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
