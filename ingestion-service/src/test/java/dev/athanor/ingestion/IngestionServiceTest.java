package dev.athanor.ingestion;

import static org.assertj.core.api.Assertions.assertThat;

import dev.athanor.contracts.json.Json;
import dev.athanor.stage.api.Stage;
import dev.athanor.testing.TestInfrastructure;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.SpringApplication;
import org.springframework.context.ConfigurableApplicationContext;

/** The whole service starts with Kafka, PostgreSQL and an artifact store, and answers. */
class IngestionServiceTest {

    private static final HttpClient HTTP = HttpClient.newHttpClient();

    private static ConfigurableApplicationContext service;

    @BeforeAll
    static void start(@TempDir Path folder) {
        Map<String, Object> settings = new TreeMap<>(TestInfrastructure.get().environment(folder.resolve("store")));
        settings.put("ATHANOR_DATA_ROOTS", folder.toString());
        var application = new SpringApplication(IngestionApplication.class);
        application.setDefaultProperties(settings);
        service = application.run("--spring.config.name=ingestion-service", "--server.port=0");
    }

    @AfterAll
    static void stop() {
        service.close();
    }

    private static HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create(
                        "http://127.0.0.1:" + service.getEnvironment().getProperty("local.server.port") + path))
                .header("Authorization", "Bearer " + TestInfrastructure.TOKEN);
    }

    private static HttpResponse<String> send(HttpRequest request) throws Exception {
        return HTTP.send(request, HttpResponse.BodyHandlers.ofString());
    }

    @Test
    void bothStagesAreThere() {
        assertThat(service.getBeansOfType(Stage.class).values())
                .extracting(stage -> stage.type().id())
                .containsExactlyInAnyOrder("ingestion.documents", "ingestion.labelled");
    }

    @Test
    void takedownAnswersAndAsksForAQuery() throws Exception {
        HttpResponse<String> none =
                send(request("/v1/takedown?url=https://e.org/x").build());
        assertThat(none.statusCode()).as(none.body()).isEqualTo(200);
        assertThat(Json.MAPPER.readTree(none.body()).get("reached")).isEmpty();
        HttpResponse<String> empty = send(request("/v1/takedown").build());
        assertThat(empty.statusCode()).isEqualTo(400);
        assertThat(empty.body()).contains("url, id and textSha256");
    }

    @Test
    void nobodyIsAnsweredWithoutTheToken() throws Exception {
        HttpRequest bare = HttpRequest.newBuilder(
                        request("/v1/takedown?id=x").build().uri())
                .build();
        assertThat(send(bare).statusCode()).isEqualTo(401);
    }
}
