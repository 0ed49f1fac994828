package dev.athanor.ingestion.config;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * @param dataRoots folders that may be read, separated by {@code :}
 * @param allowPrivateAddresses whether URLs may lead to private, loopback and link-local addresses
 */
@ConfigurationProperties("athanor.ingestion")
record IngestionProperties(
        @DefaultValue("") String dataRoots,
        @DefaultValue("false") boolean allowPrivateAddresses) {}
