package dev.athanor.preprocessing;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;

/** Runs the preprocessing service; its settings are in {@code preprocessing-service.yml}. */
@SpringBootApplication
public class PreprocessingApplication {

    public static void main(String[] args) {
        System.setProperty("spring.config.name", "preprocessing-service");
        SpringApplication.run(PreprocessingApplication.class, args);
    }
}
