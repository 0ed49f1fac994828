package dev.athanor.standalone.cli;

import dev.athanor.standalone.server.Home;
import java.io.PrintWriter;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

@Command(name = "logs", mixinStandardHelpOptions = true, description = "Print the end of the server's log.")
final class LogsCommand implements Callable<Integer> {

    @Mixin
    HomeOption homeOption = new HomeOption();

    @Option(
            names = {"-n", "--lines"},
            defaultValue = "50",
            description = "how many lines (default: ${DEFAULT-VALUE})")
    int lines = 50;

    @Option(
            names = {"-f", "--follow"},
            description = "go on printing what is added")
    boolean follow;

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli
    CommandSpec spec;

    @Override
    public Integer call() throws Exception {
        PrintWriter out = spec.commandLine().getOut();
        Home home = homeOption.home();
        if (!Files.exists(home.log())) {
            out.println("no log yet: " + home.log());
            return 1;
        }
        List<String> all = Files.readAllLines(home.log());
        all.subList(Math.max(0, all.size() - lines), all.size()).forEach(out::println);
        out.flush();
        long position = Files.size(home.log());
        while (follow) {
            Thread.sleep(300);
            long size = Files.size(home.log());
            if (size > position) {
                try (var file = new RandomAccessFile(home.log().toFile(), "r")) {
                    byte[] added = new byte[Math.toIntExact(Math.min(size - position, 1 << 20))];
                    file.seek(position);
                    file.readFully(added);
                    out.print(new String(added, StandardCharsets.UTF_8));
                    out.flush();
                    position += added.length;
                }
            }
        }
        return 0;
    }
}
