package dev.athanor.evaluation;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;

/** The evaluation service: perplexity and classification reports. */
@SpringBootApplication
public class EvaluationApplication {

    public static void main(String[] arguments) {
        System.setProperty("spring.config.name", "evaluation-service");
        SpringApplication.run(EvaluationApplication.class, arguments);
    }
}
