package dev.athanor.ingestion.config;

import dev.athanor.ingestion.documents.IngestDocumentsStage;
import dev.athanor.ingestion.http.Web;
import dev.athanor.ingestion.http.WebSettings;
import dev.athanor.ingestion.labelled.IngestLabelledStage;
import dev.athanor.ingestion.source.Connectors;
import dev.athanor.ingestion.source.DataRoots;
import java.net.InetAddress;
import java.time.Clock;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
class StagesConfiguration {

    @Bean
    DataRoots dataRoots(IngestionProperties properties) {
        return DataRoots.of(properties.dataRoots());
    }

    @Bean(destroyMethod = "close")
    Web web(IngestionProperties properties) {
        return new Web(
                WebSettings.DEFAULTS.withPrivateAddresses(properties.allowPrivateAddresses()),
                InetAddress::getAllByName,
                Clock.systemUTC(),
                Thread::sleep);
    }

    @Bean
    IngestDocumentsStage ingestDocumentsStage(DataRoots roots, Web web) {
        return new IngestDocumentsStage(new Connectors(roots, web), System::nanoTime);
    }

    @Bean
    IngestLabelledStage ingestLabelledStage(DataRoots roots) {
        return new IngestLabelledStage(roots);
    }
}
