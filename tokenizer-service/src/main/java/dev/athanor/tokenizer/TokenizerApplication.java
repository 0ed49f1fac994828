package dev.athanor.tokenizer;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;

/** The tokenizer service: vocabulary training and encoding. */
@SpringBootApplication
public class TokenizerApplication {

    public static void main(String[] arguments) {
        System.setProperty("spring.config.name", "tokenizer-service");
        SpringApplication.run(TokenizerApplication.class, arguments);
    }
}
