package dev.athanor.ingestion.config;

import java.util.Map;
import java.util.Set;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * @param dataRoots folders that may be read, separated by {@code :}
 * @param allowPrivateAddresses whether URLs may lead to private, loopback and link-local addresses
 * @param privateHosts hosts that may be at such addresses, where not all may
 * @param secrets tokens and keys by site: {@code hugging-face}, {@code kaggle} (user:key), {@code newsapi},
 *     {@code google-books}, {@code govinfo}
 */
@ConfigurationProperties("athanor.ingestion")
record IngestionProperties(
        @DefaultValue("") String dataRoots,
        @DefaultValue("false") boolean allowPrivateAddresses,
        @DefaultValue Set<String> privateHosts,
        @DefaultValue Map<String, String> secrets) {}
