package dev.athanor.gateway.config;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * {@code athanor.gateway.*}.
 *
 * @param inferenceUrl base of the inference service
 * @param trainerUrl base of any trainer
 * @param evaluationUrl base of any evaluation service
 * @param inferenceConnectTimeout of all three
 * @param inferenceTimeout of all three
 * @param generationTimeout of texts that the inference service goes on with
 * @param bootstrapKey an administrator's key that is stored at the first start; null = none
 * @param keyFile where a first key is written if there is none and no bootstrap key; null = nowhere
 * @param maxBodyBytes larger request bodies are refused
 * @param resyncAfter after this long without news of a job its services are asked again
 */
@ConfigurationProperties("athanor.gateway")
public record GatewayProperties(
        @DefaultValue("http://127.0.0.1:8087") URI inferenceUrl,
        @DefaultValue("http://127.0.0.1:8084") URI trainerUrl,
        @DefaultValue("http://127.0.0.1:8085") URI evaluationUrl,
        @DefaultValue("2s") Duration inferenceConnectTimeout,
        @DefaultValue("30s") Duration inferenceTimeout,
        @DefaultValue("130s") Duration generationTimeout,
        @Nullable String bootstrapKey,
        @Nullable Path keyFile,
        @DefaultValue("1048576") int maxBodyBytes,
        @DefaultValue("60s") Duration resyncAfter) {

    /** Without the key. */
    @Override
    public String toString() {
        return "GatewayProperties[inferenceUrl=" + inferenceUrl + ", keyFile=" + keyFile + "]";
    }
}
