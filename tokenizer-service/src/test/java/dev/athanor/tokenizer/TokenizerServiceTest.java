package dev.athanor.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.athanor.artifacts.ArtifactStore;
import dev.athanor.contracts.spec.ImportTokenizerSpec;
import dev.athanor.stage.api.Stage;
import dev.athanor.stage.testing.StageRunner;
import dev.athanor.testing.TestInfrastructure;
import dev.athanor.tokenizer.importing.ImportTokenizerStage;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.SpringApplication;
import org.springframework.context.ConfigurableApplicationContext;

/** The whole service starts with Kafka, PostgreSQL and an artifact store. */
class TokenizerServiceTest {

    private static ConfigurableApplicationContext service;

    @BeforeAll
    static void start(@TempDir Path folder) throws Exception {
        Map<String, Object> settings = new TreeMap<>(TestInfrastructure.get().environment(folder.resolve("store")));
        Files.writeString(Files.createDirectory(folder.resolve("data")).resolve("tokenizer.json"), """
                {"model": {"type": "WordLevel", "vocab": {"[UNK]": 0, "hello": 1}, "unk_token": "[UNK]"}}""");
        settings.put("ATHANOR_DATA_ROOTS", folder.resolve("data").toString());
        var application = new SpringApplication(TokenizerApplication.class);
        application.setDefaultProperties(settings);
        service = application.run("--spring.config.name=tokenizer-service", "--server.port=0");
    }

    @AfterAll
    static void stop() {
        service.close();
    }

    @Test
    void allStagesAreThere() {
        assertThat(service.getBeansOfType(Stage.class).values())
                .extracting(stage -> stage.type().id())
                .containsExactlyInAnyOrder(
                        "tokenizer.train", "tokenizer.import", "tokenizer.study", "tokenizer.encode");
    }

    @Test
    void theDataRootsOfTheEnvironmentAreThoseOfTheImport() throws Exception {
        var imported = StageRunner.of(service.getBean(ImportTokenizerStage.class), service.getBean(ArtifactStore.class))
                .spec(ImportTokenizerSpec.DEFAULTS)
                .run();
        assertThat(imported.manifest().counts()).containsEntry("vocabulary", 2L);
    }
}
