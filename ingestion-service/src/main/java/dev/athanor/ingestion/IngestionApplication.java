package dev.athanor.ingestion;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.context.properties.ConfigurationPropertiesScan;

/** The ingestion service: sources and formats in, raw documents and labelled examples out. */
@SpringBootApplication
@ConfigurationPropertiesScan
public class IngestionApplication {

    public static void main(String[] arguments) {
        System.setProperty("spring.config.name", "ingestion-service");
        SpringApplication.run(IngestionApplication.class, arguments);
    }
}
