package dev.athanor.tokenizer.config;

import dev.athanor.stage.data.DataRoots;
import dev.athanor.tokenizer.encoding.EncodeStage;
import dev.athanor.tokenizer.importing.ImportTokenizerStage;
import dev.athanor.tokenizer.study.StudyTokenizerStage;
import dev.athanor.tokenizer.vocabulary.TrainTokenizerStage;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(TokenizerProperties.class)
class StagesConfiguration {

    @Bean
    TrainTokenizerStage trainTokenizerStage() {
        return new TrainTokenizerStage();
    }

    @Bean
    ImportTokenizerStage importTokenizerStage(TokenizerProperties properties) {
        return new ImportTokenizerStage(DataRoots.of(properties.dataRoots()));
    }

    @Bean
    StudyTokenizerStage studyTokenizerStage() {
        return new StudyTokenizerStage(System::nanoTime);
    }

    @Bean
    EncodeStage encodeStage() {
        return new EncodeStage();
    }
}
