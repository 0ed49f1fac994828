package dev.athanor.finetune.config;

import dev.athanor.finetune.classifier.FinetuneStage;
import dev.athanor.finetune.exporting.ExportStage;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
class StagesConfiguration {

    @Bean
    FinetuneStage finetuneStage() {
        return new FinetuneStage();
    }

    @Bean
    ExportStage exportStage() {
        return new ExportStage();
    }
}
