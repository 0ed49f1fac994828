package dev.athanor.evaluation.config;

import dev.athanor.contracts.job.StageType;
import dev.athanor.evaluation.inspection.InspectStage;
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

    @Bean
    InspectStage inspectStage() {
        return new InspectStage(StageType.INSPECT);
    }

    @Bean
    InspectStage inspectClassifierStage() {
        return new InspectStage(StageType.INSPECT_CLASSIFIER);
    }
}
