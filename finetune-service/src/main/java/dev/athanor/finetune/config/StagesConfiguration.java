package dev.athanor.finetune.config;

import dev.athanor.finetune.classifier.FinetuneStage;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
class StagesConfiguration {

    @Bean
    FinetuneStage finetuneStage() {
        return new FinetuneStage();
    }
}
