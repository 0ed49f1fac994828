package dev.athanor.stage.service;

import dev.athanor.contracts.spec.CleanSpec;
import dev.athanor.stage.WordCountStage;
import dev.athanor.stage.api.Stage;
import java.util.Map;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;

/** A service with the toy stage, as the real services are built. */
@SpringBootApplication
public class WordCountApplication {

    @Bean
    Stage<CleanSpec> wordCount(
            @Value("${test.tasks:40}") int tasks, @Value("${test.millis-a-step:5}") long millisAStep) {
        return new WordCountStage(tasks, millisAStep);
    }

    static ConfigurableApplicationContext start(Map<String, ?> settings) {
        return start(WordCountApplication.class, settings);
    }

    static ConfigurableApplicationContext start(Class<?> application, Map<String, ?> settings) {
        SpringApplication app = new SpringApplication(application);
        app.setDefaultProperties(java.util.Collections.unmodifiableMap(settings));
        return app.run("--spring.config.name=word-count");
    }

    /** As a process of its own; settings come from the environment. */
    public static void main(String[] args) {
        SpringApplication.run(WordCountApplication.class, "--spring.config.name=word-count");
    }
}
