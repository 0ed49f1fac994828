package dev.athanor.standalone.cli;

import dev.athanor.standalone.server.Home;
import dev.athanor.standalone.server.Ports;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Starts and stops the server in a process of its own. */
final class ServerProcess {

    private static final Duration START_LIMIT = Duration.ofMinutes(4);
    private static final long FREE_BYTES_WANTED = 2L << 30;

    private final ServerOptions options;
    private final PrintWriter out;

    ServerProcess(ServerOptions options, PrintWriter out) {
        this.options = options;
        this.out = out;
    }

    /** Starts the server unless it runs already; returns the gateway's URL once all services are ready. */
    String up() throws IOException, InterruptedException {
        Home home = options.home();
        Optional<ProcessHandle> running = home.running();
        if (running.isPresent()) {
            if (!Files.exists(home.readyFile())) {
                return awaitReady(home, running.get(), System.nanoTime());
            }
            return Files.readString(home.readyFile()).trim();
        }
        checkDisk(home);
        checkPorts();
        home.create();
        Files.deleteIfExists(home.readyFile());
        long begin = System.nanoTime();
        Process process = new ProcessBuilder(command(home))
                .redirectErrorStream(true)
                .redirectOutput(home.log().toFile())
                .redirectInput(ProcessBuilder.Redirect.from(new java.io.File("/dev/null")))
                .start();
        return awaitReady(home, process.toHandle(), begin);
    }

    private List<String> command(Home home) {
        List<String> command = new ArrayList<>();
        // A session of its own: a Ctrl-C for the command in front does not reach the server.
        if (Files.isExecutable(Path.of("/usr/bin/setsid"))) {
            command.add("/usr/bin/setsid");
        }
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(JvmFlags.server(options.memory));
        command.add("-cp");
        command.add(System.getProperty("java.class.path"));
        command.add(Main.class.getName());
        command.add("server");
        command.add("--home=" + home.folder());
        command.add("--port=" + options.port);
        for (Path root : options.dataRoots) {
            command.add("--data-root=" + root.toAbsolutePath().normalize());
        }
        return command;
    }

    private String awaitReady(Home home, ProcessHandle process, long begin) throws IOException, InterruptedException {
        out.print("starting Kafka, PostgreSQL and eight services ");
        while (!Files.exists(home.readyFile())) {
            if (!process.isAlive()) {
                out.println();
                throw new IOException(
                        "the server stopped while starting; last lines of " + home.log() + ":\n" + tail(home.log()));
            }
            if (System.nanoTime() - begin > START_LIMIT.toNanos()) {
                out.println();
                throw new IOException(
                        "the server was not ready within " + START_LIMIT.toSeconds() + " s; see " + home.log());
            }
            Thread.sleep(250);
            if ((System.nanoTime() - begin) / 250_000_000 % 8 == 0) {
                out.print('.');
                out.flush();
            }
        }
        out.printf(" ready after %.1f s%n", (System.nanoTime() - begin) / 1e9);
        out.flush();
        return Files.readString(home.readyFile()).trim();
    }

    private void checkPorts() throws IOException {
        Ports ports = options.ports();
        // A PostgreSQL left by a killed server is adopted, so its port may be in use.
        List<Integer> taken =
                ports.inUse(!Files.exists(options.home().database().resolve("data/postmaster.pid")));
        if (!taken.isEmpty()) {
            throw new IOException(
                    "port " + taken.getFirst() + " is in use by another program; choose others with --port N"
                            + " (Athanor takes N to N+7 and N+20, N+21)");
        }
    }

    private static void checkDisk(Home home) throws IOException {
        // Only the folder's nearest existing ancestor has a disk to ask.
        Path existing = home.folder();
        for (Path above = existing.getParent(); !Files.exists(existing) && above != null; above = above.getParent()) {
            existing = above;
        }
        FileStore disk = Files.getFileStore(existing);
        if (disk.getUsableSpace() < FREE_BYTES_WANTED) {
            throw new IOException("the disk that holds " + home.folder() + " has only " + (disk.getUsableSpace() >> 20)
                    + " MiB free, " + (FREE_BYTES_WANTED >> 20) + " MiB are needed; choose another folder with --home");
        }
    }

    private static String tail(Path log) throws IOException {
        if (!Files.exists(log)) {
            return "(none)";
        }
        List<String> lines = Files.readAllLines(log);
        return String.join("\n", lines.subList(Math.max(0, lines.size() - 15), lines.size()));
    }

    /** Asks the server to stop, and kills it if it does not within half a minute. Returns whether one was running. */
    static boolean down(Home home) throws IOException, InterruptedException {
        Optional<ProcessHandle> running = home.running();
        if (running.isEmpty()) {
            return false;
        }
        ProcessHandle server = running.get();
        server.destroy();
        for (int i = 0; i < 120 && server.isAlive(); i++) {
            Thread.sleep(250);
        }
        if (server.isAlive()) {
            server.destroyForcibly();
        }
        Files.deleteIfExists(home.pidFile());
        Files.deleteIfExists(home.readyFile());
        return true;
    }
}
