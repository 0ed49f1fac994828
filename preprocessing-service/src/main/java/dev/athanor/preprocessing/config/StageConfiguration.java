package dev.athanor.preprocessing.config;

import dev.athanor.preprocessing.augment.AugmentDocumentsStage;
import dev.athanor.preprocessing.augment.AugmentLabelledStage;
import dev.athanor.preprocessing.classify.TrainTextClassifierStage;
import dev.athanor.preprocessing.clean.CleanStage;
import dev.athanor.preprocessing.mix.MixStage;
import dev.athanor.preprocessing.report.CorpusReportStage;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The stages of this service. */
@Configuration(proxyBeanMethods = false)
public class StageConfiguration {

    @Bean
    CleanStage cleanStage() {
        return new CleanStage();
    }

    @Bean
    TrainTextClassifierStage trainTextClassifierStage() {
        return new TrainTextClassifierStage();
    }

    @Bean
    AugmentDocumentsStage augmentDocumentsStage() {
        return new AugmentDocumentsStage(System::getenv);
    }

    @Bean
    AugmentLabelledStage augmentLabelledStage() {
        return new AugmentLabelledStage(System::getenv);
    }

    @Bean
    MixStage mixStage() {
        return new MixStage();
    }

    @Bean
    CorpusReportStage corpusReportStage() {
        return new CorpusReportStage();
    }
}
