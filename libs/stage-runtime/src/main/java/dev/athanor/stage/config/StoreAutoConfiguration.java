package dev.athanor.stage.config;

import dev.athanor.artifacts.ArtifactStore;
import dev.athanor.artifacts.ArtifactStores;
import java.io.IOException;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;

/** The artifact store that the settings name. */
@AutoConfiguration
@EnableConfigurationProperties(AthanorProperties.class)
public class StoreAutoConfiguration {

    @Bean
    @ConditionalOnMissingBean
    ArtifactStore artifactStore(AthanorProperties properties) throws IOException {
        return ArtifactStores.open(properties.store().config());
    }
}
