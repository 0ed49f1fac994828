package dev.athanor.evaluation.config;

import dev.athanor.evaluation.perplexity.PerplexityStage;
import dev.athanor.evaluation.sentiment.SentimentReportStage;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
class StagesConfiguration {

    @Bean
    PerplexityStage perplexityStage() {
        return new PerplexityStage();
    }

    @Bean
    SentimentReportStage sentimentReportStage() {
        return new SentimentReportStage();
    }
}
