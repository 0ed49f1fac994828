package dev.athanor.ingestion.config;

import java.util.Map;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * @param dataRoots folders that may be read, separated by {@code :}
 * @param allowPrivateAddresses whether URLs may lead to private, loopback and link-local addresses
 * @param secrets tokens and keys by site: {@code hugging-face}, {@code kaggle} (user:key), {@code newsapi},
 *     {@code google-books}, {@code govinfo}
 */
@ConfigurationProperties("athanor.ingestion")
record IngestionProperties(
        @DefaultValue("") String dataRoots,
        @DefaultValue("false") boolean allowPrivateAddresses,
        @DefaultValue Map<String, String> secrets) {}
