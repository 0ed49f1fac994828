package dev.athanor.inference;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;

/** The inference service: deployed classifiers over HTTP. */
@SpringBootApplication
public class InferenceApplication {

    public static void main(String[] arguments) {
        System.setProperty("spring.config.name", "inference-service");
        SpringApplication.run(InferenceApplication.class, arguments);
    }
}
