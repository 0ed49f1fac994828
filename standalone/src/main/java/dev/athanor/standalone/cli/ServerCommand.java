package dev.athanor.standalone.cli;

import dev.athanor.standalone.server.Home;
import dev.athanor.standalone.server.StandaloneServer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Runs the server in the foreground; {@code up} starts this in a process of its own. */
@Command(
        name = "server",
        hidden = true,
        mixinStandardHelpOptions = true,
        description = "Run the server in the foreground.")
final class ServerCommand implements Callable<Integer> {

    @Mixin
    ServerOptions options = new ServerOptions();

    @Override
    public Integer call() throws Exception {
        Home home = options.home();
        home.create();
        Files.writeString(home.pidFile(), Long.toString(ProcessHandle.current().pid()));
        var stopped = new CountDownLatch(1);
        List<Path> roots = new ArrayList<>(options.dataRoots);
        roots.add(home.folder());
        try {
            var server = new StandaloneServer(home, options.ports(), roots);
            Runtime.getRuntime().addShutdownHook(new Thread(() -> {
                server.close();
                deleteQuietly(home.readyFile());
                deleteQuietly(home.pidFile());
                stopped.countDown();
            }));
        } catch (Exception e) {
            LoggerFactory.getLogger(ServerCommand.class).error("the server did not start", e);
            deleteQuietly(home.pidFile());
            // Kafka's and Spring's threads would keep the process alive.
            Runtime.getRuntime().halt(1);
        }
        stopped.await();
        return 0;
    }

    private static void deleteQuietly(Path file) {
        try {
            Files.deleteIfExists(file);
        } catch (java.io.IOException e) {
            LoggerFactory.getLogger(ServerCommand.class).warn("cannot delete {}: {}", file, e.toString());
        }
    }
}
