package dev.athanor.finetune;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;

/** The finetune service: classifiers from pretrained models. */
@SpringBootApplication
public class FinetuneApplication {

    public static void main(String[] arguments) {
        System.setProperty("spring.config.name", "finetune-service");
        SpringApplication.run(FinetuneApplication.class, arguments);
    }
}
