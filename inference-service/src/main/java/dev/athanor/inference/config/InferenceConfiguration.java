package dev.athanor.inference.config;

import dev.athanor.artifacts.ArtifactStore;
import dev.athanor.inference.deployment.Deployments;
import dev.athanor.inference.generation.LoadedGenerators;
import dev.athanor.inference.messaging.DeploymentMessages;
import dev.athanor.inference.messaging.DeploymentsHealth;
import dev.athanor.inference.metrics.GenerationMetrics;
import dev.athanor.inference.metrics.PredictMetrics;
import dev.athanor.inference.serving.BundleLoading;
import dev.athanor.inference.serving.DeployStage;
import dev.athanor.inference.serving.GeneratorLoading;
import dev.athanor.lm.train.Precision;
import dev.athanor.stage.messaging.DeadLetters;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.function.Consumer;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.messaging.Message;

@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(InferenceProperties.class)
class InferenceConfiguration {

    private static final Duration STORE_RETRY = Duration.ofSeconds(5);

    @Bean
    DeployStage deployStage() {
        return new DeployStage();
    }

    @Bean
    PredictMetrics predictMetrics(MeterRegistry registry) {
        return new PredictMetrics(registry);
    }

    @Bean(destroyMethod = "close")
    Deployments deployments(ArtifactStore store, InferenceProperties properties, PredictMetrics metrics) {
        var loading = new BundleLoading(
                store,
                properties.device(),
                Precision.of(properties.precision()),
                properties.batching().limits(),
                metrics);
        return new Deployments(loading, STORE_RETRY);
    }

    @Bean
    GenerationMetrics generationMetrics(MeterRegistry registry) {
        return new GenerationMetrics(registry);
    }

    @Bean(destroyMethod = "close")
    LoadedGenerators generators(ArtifactStore store, InferenceProperties properties) {
        var loading = new GeneratorLoading(store, properties.device(), Precision.of(properties.precision()));
        return new LoadedGenerators(
                loading,
                properties.generation().models(),
                properties.generation().queue());
    }

    @Bean
    Consumer<Message<?>> desiredDeployments(Deployments deployments, DeadLetters deadLetters) {
        return new DeploymentMessages(deployments, deadLetters)::desired;
    }

    /** Named {@code deployments} in the health groups. */
    @Bean
    DeploymentsHealth deploymentsHealthIndicator(Deployments deployments) {
        return new DeploymentsHealth(deployments);
    }
}
