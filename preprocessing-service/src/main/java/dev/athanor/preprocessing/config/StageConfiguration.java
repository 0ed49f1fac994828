package dev.athanor.preprocessing.config;

import dev.athanor.preprocessing.clean.CleanStage;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The stages of this service. */
@Configuration(proxyBeanMethods = false)
public class StageConfiguration {

    @Bean
    CleanStage cleanStage() {
        return new CleanStage();
    }
}
