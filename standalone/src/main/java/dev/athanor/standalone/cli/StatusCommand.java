package dev.athanor.standalone.cli;

import dev.athanor.standalone.server.Home;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import tools.jackson.databind.JsonNode;

@Command(
        name = "status",
        mixinStandardHelpOptions = true,
        description = "Show whether the server runs, and its latest jobs.")
final class StatusCommand implements Callable<Integer> {

    @Option(
            names = "--home",
            defaultValue = "${env:ATHANOR_HOME:-.athanor}",
            description = "folder of the server's data (default: ${DEFAULT-VALUE})")
    Path homeFolder = Path.of(".athanor");

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli
    CommandSpec spec;

    @Override
    public Integer call() throws Exception {
        PrintWriter out = spec.commandLine().getOut();
        Home home = Main.home(homeFolder);
        Optional<ProcessHandle> server = home.running();
        if (server.isEmpty()) {
            out.println("not running (home: " + home.folder() + ")");
            return 3;
        }
        if (!Files.exists(home.readyFile())) {
            out.println("starting, process " + server.get().pid());
            return 0;
        }
        String url = Files.readString(home.readyFile()).trim();
        out.println("running at " + url + ", process " + server.get().pid());
        JsonNode jobs =
                new GatewayClient(url, home.adminKey()).get("/v1/jobs?limit=5").path("data");
        for (JsonNode job : jobs) {
            out.printf(
                    "  %s  %-10s %s%n",
                    job.path("id").asString(),
                    job.path("status").asString(),
                    job.path("name").asString());
        }
        return 0;
    }
}
