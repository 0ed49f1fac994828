package dev.athanor.standalone.cli;

import dev.athanor.contracts.json.Json;
import dev.athanor.standalone.demo.PipelineTemplate;
import dev.athanor.standalone.demo.SyntheticData;
import dev.athanor.standalone.server.Home;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import tools.jackson.databind.JsonNode;

@Command(
        name = "demo",
        mixinStandardHelpOptions = true,
        description = {
            "From raw text to a served sentiment model: starts the server, submits one pipeline job through the gateway,"
                    + " follows it, and tries the model.",
            "Without --data it works on synthetic text that it generates."
        })
final class DemoCommand implements Callable<Integer> {

    private static final int DOCUMENTS = 5000;
    private static final List<String> TRIALS = List.of(
            "The soup was wonderful and the waiter was charming.",
            "Although the lobby was lovely, the room was dreadful.",
            "There was nothing boring about the plot.",
            "I did not enjoy the second half.",
            "The kitchen closes at ten in the evening.");

    @Mixin
    ServerOptions options = new ServerOptions();

    @Option(
            names = "--data",
            description = "folder with corpus/ (txt, html, csv, jsonl; also .gz, .zst) and sentiment/"
                    + " (train, dev, test as csv, tsv or jsonl with text and label columns)")
    @Nullable
    Path data;

    @Option(
            names = "--minutes",
            defaultValue = "0",
            description = "time for pretraining and fine-tuning together"
                    + " (default: a fixed number of steps for the synthetic data, 20 for --data)")
    double minutes;

    @Option(names = "--seed", defaultValue = "1337", description = "of every random choice (default: ${DEFAULT-VALUE})")
    long seed;

    @Option(names = "--exit", description = "stop the server at the end")
    boolean exit;

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli
    CommandSpec spec;

    @Override
    public Integer call() throws Exception {
        PrintWriter out = spec.commandLine().getOut();
        Home home = options.home();
        PipelineTemplate.Settings settings = settings(home, out);
        options.dataRoots.add(settings.data());
        String url = new ServerProcess(options, out).up();
        try {
            var gateway = new GatewayClient(url, home.adminKey());
            JsonNode job = gateway.post(
                    "/v1/jobs",
                    PipelineTemplate.job(settings),
                    Map.of("Idempotency-Key", UUID.randomUUID().toString()));
            String id = job.path("id").asString();
            out.println("job " + id + " submitted\n");
            JsonNode done = new JobFollower(gateway, out).follow(id);
            if (!done.path("status").asString().equals("succeeded")) {
                out.println("\nthe job ended as " + done.path("status").asString() + "; see " + home.log());
                return 1;
            }
            report(gateway, done, out);
            tryModel(gateway, out);
            if (!exit) {
                UpCommand.welcome(out, url, home.adminKey(), home);
            }
            return 0;
        } finally {
            if (exit) {
                ServerProcess.down(home);
                out.println("\nserver stopped");
                out.flush();
            }
        }
    }

    private PipelineTemplate.Settings settings(Home home, PrintWriter out) throws IOException {
        if (data == null) {
            out.println(
                    "Data: SYNTHETIC text and reviews from a seeded grammar; figures on it say nothing about real text.");
            Path folder = home.folder().resolve("demo-data").resolve("seed-" + seed);
            Files.createDirectories(folder);
            return PipelineTemplate.synthetic(SyntheticData.write(folder, seed, DOCUMENTS), seed, minutes);
        }
        Path folder = data.toAbsolutePath().normalize();
        for (String part : List.of("corpus", "sentiment")) {
            if (!Files.isDirectory(folder.resolve(part))) {
                throw new IOException("--data: expected a folder with corpus/ and sentiment/, but " + folder
                        + " has no " + part + "/");
            }
        }
        return PipelineTemplate.real(folder, seed, minutes > 0 ? minutes : 20);
    }

    private static void report(GatewayClient gateway, JsonNode job, PrintWriter out)
            throws IOException, InterruptedException {
        for (JsonNode stage : job.path("stages")) {
            if (stage.path("type").asString().startsWith("evaluation.")) {
                String artifact = stage.path("artifact").asString();
                out.println();
                out.println(gateway.text("/v1/artifacts/" + artifact + "/files/report.md")
                        .strip());
            }
        }
        out.flush();
    }

    private static void tryModel(GatewayClient gateway, PrintWriter out) throws IOException, InterruptedException {
        out.println("\nThe served model says (POST /v1/sentiment):");
        JsonNode answer = awaitDeployment(gateway);
        for (int i = 0; i < TRIALS.size(); i++) {
            JsonNode prediction = answer.path("predictions").path(i);
            String label = prediction.path("label").asString();
            out.printf(
                    "  %-9s %5.1f %%  %s%n",
                    label, 100 * prediction.path("probabilities").path(label).asDouble(), TRIALS.get(i));
        }
        out.flush();
    }

    /** The deployment is loaded a moment after the job has ended. */
    private static JsonNode awaitDeployment(GatewayClient gateway) throws IOException, InterruptedException {
        for (int attempt = 1; ; attempt++) {
            try {
                return gateway.post("/v1/sentiment", Json.tree(Map.of("texts", TRIALS)), Map.of());
            } catch (IOException e) {
                if (attempt == 60) {
                    throw e;
                }
                Thread.sleep(500);
            }
        }
    }
}
