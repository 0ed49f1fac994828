package dev.athanor.standalone.cli;

import dev.athanor.standalone.server.Home;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;
import tools.jackson.databind.JsonNode;

@Command(
        name = "status",
        mixinStandardHelpOptions = true,
        description = "Show whether the server runs, and its latest jobs.")
final class StatusCommand implements Callable<Integer> {

    @Mixin
    HomeOption homeOption = new HomeOption();

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli
    CommandSpec spec;

    @Override
    public Integer call() throws Exception {
        PrintWriter out = spec.commandLine().getOut();
        Home home = homeOption.home();
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
