package dev.athanor.trainer.config;

import dev.athanor.trainer.pretraining.GradientCheckStage;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
class DebuggingConfiguration {

    @Bean
    GradientCheckStage gradientCheckStage() {
        return new GradientCheckStage();
    }
}
