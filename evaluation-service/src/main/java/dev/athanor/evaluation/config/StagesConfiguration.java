package dev.athanor.evaluation.config;

import dev.athanor.artifacts.ArtifactStore;
import dev.athanor.contracts.job.StageType;
import dev.athanor.evaluation.inspection.InspectStage;
import dev.athanor.evaluation.inspection.InspectionDesk;
import dev.athanor.evaluation.perplexity.PerplexityStage;
import dev.athanor.evaluation.sentiment.SentimentReportStage;
import dev.athanor.stage.run.WorkFolders;
import java.io.IOException;
import java.nio.file.Path;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(EvaluationProperties.class)
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

    @Bean
    InspectionDesk inspectionDesk(ArtifactStore store, EvaluationProperties properties) throws IOException {
        // Of each user of the machine: another's folder cannot be written to.
        String user = System.getProperty("user.name");
        var folders = new WorkFolders(Path.of(System.getProperty("java.io.tmpdir"), "athanor-inspections-" + user));
        return new InspectionDesk(
                store,
                folders,
                properties.inspectionLimit(),
                properties.inspectionModelSize().toBytes());
    }
}
