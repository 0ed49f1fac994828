package dev.athanor.stage.service;

import dev.athanor.contracts.spec.CleanSpec;
import dev.athanor.stage.api.Stage;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;

/** A service with the toy stage, as the real services are built. */
@SpringBootApplication
public class WordCountApplication {

    @Bean
    Stage<CleanSpec> wordCount() {
        return new TroubledStage();
    }

    static ConfigurableApplicationContext start(Map<String, String> settings) {
        List<String> arguments = new ArrayList<>(List.of("--spring.config.name=word-count"));
        settings.forEach((name, value) -> arguments.add("--" + name + "=" + value));
        return SpringApplication.run(WordCountApplication.class, arguments.toArray(String[]::new));
    }

    /** As a process of its own; settings come from the environment. */
    public static void main(String[] args) {
        SpringApplication.run(WordCountApplication.class, "--spring.config.name=word-count");
    }
}
