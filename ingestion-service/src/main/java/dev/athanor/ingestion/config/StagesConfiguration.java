package dev.athanor.ingestion.config;

import dev.athanor.artifacts.ArtifactStore;
import dev.athanor.artifacts.S3Clients;
import dev.athanor.artifacts.StoreConfig;
import dev.athanor.artifacts.ledger.Takedown;
import dev.athanor.ingestion.documents.IngestDocumentsStage;
import dev.athanor.ingestion.http.Web;
import dev.athanor.ingestion.http.WebSettings;
import dev.athanor.ingestion.labelled.IngestLabelledStage;
import dev.athanor.ingestion.source.Connectors;
import dev.athanor.ingestion.source.Endpoints;
import dev.athanor.ingestion.source.Secrets;
import dev.athanor.stage.data.DataRoots;
import java.net.InetAddress;
import java.time.Clock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import software.amazon.awssdk.services.s3.S3Client;

@Configuration(proxyBeanMethods = false)
class StagesConfiguration {

    @Bean
    DataRoots dataRoots(IngestionProperties properties) {
        return DataRoots.of(properties.dataRoots());
    }

    @Bean(destroyMethod = "close")
    Web web(IngestionProperties properties) {
        return new Web(
                WebSettings.DEFAULTS.withPrivateAddresses(
                        properties.allowPrivateAddresses(), properties.privateHosts()),
                InetAddress::getAllByName,
                Clock.systemUTC(),
                Thread::sleep);
    }

    @Bean
    Connectors connectors(IngestionProperties properties, DataRoots roots, ArtifactStore store) {
        return new Connectors(
                roots, store, new SharedS3(), Endpoints.DEFAULTS, new Secrets(properties.secrets()), "athanor");
    }

    @Bean
    IngestDocumentsStage ingestDocumentsStage(Connectors connectors, Web web) {
        return new IngestDocumentsStage(connectors, web, System::nanoTime);
    }

    @Bean
    Takedown takedown(ArtifactStore store) {
        return new Takedown(store);
    }

    @Bean
    IngestLabelledStage ingestLabelledStage(DataRoots roots) {
        return new IngestLabelledStage(roots);
    }

    /** Made at first use, from the same settings as the artifact store. */
    private static final class SharedS3 implements Supplier<S3Client> {

        private @Nullable S3Client client;

        @Override
        public synchronized S3Client get() {
            S3Client made = client;
            if (made == null) {
                made = S3Clients.of(StoreConfig.fromEnvironment(System.getenv()));
                client = made;
            }
            return made;
        }
    }
}
