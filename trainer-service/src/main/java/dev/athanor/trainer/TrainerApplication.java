package dev.athanor.trainer;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;

/** The trainer service: pretraining of language models. */
@SpringBootApplication
public class TrainerApplication {

    public static void main(String[] arguments) {
        System.setProperty("spring.config.name", "trainer-service");
        SpringApplication.run(TrainerApplication.class, arguments);
    }
}
