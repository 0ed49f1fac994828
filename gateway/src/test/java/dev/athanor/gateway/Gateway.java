package dev.athanor.gateway;

import dev.athanor.embedded.FreePorts;
import dev.athanor.testing.TestInfrastructure;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.web.server.servlet.context.ServletWebServerApplicationContext;

/** A gateway on a random port with a real PostgreSQL and Kafka; started once for all tests of a run. */
public final class Gateway {

    public static final String ADMIN_KEY = "ath_" + "k".repeat(43);
    public static final String INTERNAL_TOKEN = TestInfrastructure.TOKEN;
    public static final String MLFLOW_TOKEN = "mlflow-token-of-the-test";
    private static Gateway shared;

    private final ServletWebServerApplicationContext context;
    private final int inferencePort;
    private final int mlflowPort;
    private final int servicePort;
    private final HttpClient http = HttpClient.newHttpClient();

    private Gateway() throws Exception {
        Path store = Files.createTempDirectory("athanor-gateway-test");
        List<String> arguments = new ArrayList<>(List.of("--spring.config.name=gateway", "--server.port=0"));
        TestInfrastructure.get().environment(store).forEach((name, value) -> arguments.add("--" + name + "=" + value));
        inferencePort = FreePorts.find();
        mlflowPort = FreePorts.find();
        servicePort = FreePorts.find();
        arguments.add("--ATHANOR_TRAINER_URL=http://127.0.0.1:" + servicePort);
        arguments.add("--ATHANOR_EVALUATION_URL=http://127.0.0.1:" + servicePort);
        arguments.add("--ATHANOR_MLFLOW_URL=http://127.0.0.1:" + mlflowPort);
        arguments.add("--ATHANOR_MLFLOW_TOKEN=" + MLFLOW_TOKEN);
        arguments.add("--athanor.mlflow.timeout=1s");
        arguments.add("--athanor.mlflow.interval=100ms");
        arguments.add("--athanor.mlflow.patience=100ms");
        arguments.add("--athanor.mlflow.most-patience=500ms");
        arguments.add("--ATHANOR_INFERENCE_URL=http://127.0.0.1:" + inferencePort);
        arguments.add("--athanor.gateway.inference-timeout=2s");
        arguments.add("--ATHANOR_BOOTSTRAP_KEY=" + ADMIN_KEY);
        context = (ServletWebServerApplicationContext)
                new SpringApplicationBuilder(GatewayApplication.class).run(arguments.toArray(String[]::new));
    }

    public static synchronized Gateway shared() throws Exception {
        if (shared == null) {
            shared = new Gateway();
        }
        return shared;
    }

    public int port() {
        return context.getWebServer().getPort();
    }

    /** Where the gateway looks for the inference service; nobody listens there unless a test does. */
    public int inferencePort() {
        return inferencePort;
    }

    /** Where the gateway looks for a trainer and an evaluation service; nobody listens there unless a test does. */
    public int servicePort() {
        return servicePort;
    }

    /** Where the gateway looks for MLflow; nobody listens there unless a test does. */
    public int mlflowPort() {
        return mlflowPort;
    }

    public <T> T bean(Class<T> type) {
        return context.getBean(type);
    }

    public HttpRequest.Builder request(String path) {
        return request(path, ADMIN_KEY);
    }

    public HttpRequest.Builder request(String path, String key) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port() + path))
                .header("Authorization", "Bearer " + key);
    }

    public HttpResponse<String> send(HttpRequest.Builder request) throws Exception {
        return http.send(request.build(), HttpResponse.BodyHandlers.ofString(StandardCharsets.UTF_8));
    }

    public HttpResponse<String> get(String path) throws Exception {
        return send(request(path));
    }

    public HttpResponse<String> post(String path, String json) throws Exception {
        return send(request(path)
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(json)));
    }
}
