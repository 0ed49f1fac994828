package dev.athanor.tokenizer.config;

import dev.athanor.tokenizer.encoding.EncodeStage;
import dev.athanor.tokenizer.vocabulary.TrainTokenizerStage;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
class StagesConfiguration {

    @Bean
    TrainTokenizerStage trainTokenizerStage() {
        return new TrainTokenizerStage();
    }

    @Bean
    EncodeStage encodeStage() {
        return new EncodeStage();
    }
}
