package dev.athanor.trainer.config;

import dev.athanor.trainer.exporting.ExportStage;
import dev.athanor.trainer.pretraining.PretrainStage;
import io.micrometer.core.instrument.MeterRegistry;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
class StagesConfiguration {

    @Bean
    PretrainStage pretrainStage(MeterRegistry registry) {
        return new PretrainStage(new TrainingMeters(registry));
    }

    @Bean
    ExportStage exportStage() {
        return new ExportStage();
    }
}
