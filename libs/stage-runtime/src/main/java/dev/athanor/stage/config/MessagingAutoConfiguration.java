package dev.athanor.stage.config;

import dev.athanor.stage.messaging.DeadLetters;
import dev.athanor.stage.messaging.Inbox;
import dev.athanor.stage.messaging.Outbox;
import dev.athanor.stage.messaging.OutboxRelay;
import dev.athanor.stage.messaging.OutboxSignal;
import dev.athanor.stage.metrics.Metric;
import dev.athanor.stage.metrics.StageMetrics;
import dev.athanor.stage.persistence.InboxRows;
import dev.athanor.stage.persistence.OutboxRows;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Clock;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.cloud.stream.binder.kafka.KafkaBinderMetrics;
import org.springframework.cloud.stream.config.ListenerContainerCustomizer;
import org.springframework.cloud.stream.function.StreamBridge;
import org.springframework.context.annotation.Bean;
import org.springframework.kafka.listener.AbstractMessageListenerContainer;
import org.springframework.kafka.listener.DefaultErrorHandler;
import org.springframework.transaction.support.TransactionTemplate;
import org.springframework.util.backoff.ExponentialBackOff;

/** Outbox, inbox and dead letters, for the gateway too. */
@AutoConfiguration(
        afterName = {
            "org.springframework.boot.data.jpa.autoconfigure.DataJpaRepositoriesAutoConfiguration",
            "org.springframework.boot.transaction.autoconfigure.TransactionAutoConfiguration",
            "org.springframework.boot.micrometer.metrics.autoconfigure.CompositeMeterRegistryAutoConfiguration"
        })
@EnableConfigurationProperties(AthanorProperties.class)
public class MessagingAutoConfiguration {

    private static final long MAX_PAUSE_MILLIS = 10_000;

    @Bean
    @ConditionalOnMissingBean
    Clock clock() {
        return Clock.systemUTC();
    }

    @Bean
    StageMetrics stageMetrics(ObjectProvider<MeterRegistry> registry) {
        return new StageMetrics(registry.getIfAvailable(SimpleMeterRegistry::new));
    }

    @Bean
    OutboxSignal outboxSignal() {
        return new OutboxSignal();
    }

    @Bean
    Outbox outbox(OutboxRows rows, OutboxSignal signal, AthanorProperties properties, Clock clock) {
        return new Outbox(rows, signal, properties.service(), clock);
    }

    @Bean
    OutboxRelay outboxRelay(
            OutboxRows rows,
            StreamBridge bridge,
            TransactionTemplate transactions,
            OutboxSignal signal,
            AthanorProperties properties,
            StageMetrics metrics) {
        metrics.gauge(Metric.OUTBOX_WAITING, rows::count);
        return new OutboxRelay(rows, bridge, transactions, signal, properties.service());
    }

    @Bean
    Inbox inbox(InboxRows rows) {
        return new Inbox(rows);
    }

    @Bean
    DeadLetters deadLetters(Outbox outbox, StageMetrics metrics, AthanorProperties properties) {
        return new DeadLetters(outbox, metrics, properties.service());
    }

    /** A message whose handling fails for now (no database, say) is tried again for ever: consumers put poison aside themselves. */
    @Bean
    @ConditionalOnMissingBean
    ListenerContainerCustomizer<AbstractMessageListenerContainer<?, ?>> tryForEver() {
        return (container, destination, group) -> {
            ExponentialBackOff backOff = new ExponentialBackOff(200, 2);
            backOff.setMaxInterval(MAX_PAUSE_MILLIS);
            backOff.setMaxElapsedTime(Long.MAX_VALUE);
            container.setCommonErrorHandler(new DefaultErrorHandler(backOff));
        };
    }

    /**
     * In place of the binder's lag metrics, which keep one more consumer for each topic and group and cannot be switched
     * off; the clients' own metrics tell the lag too.
     */
    @Bean
    @ConditionalOnMissingBean
    KafkaBinderMetrics noLagMetrics() {
        return new NoLagMetrics();
    }

    private static final class NoLagMetrics extends KafkaBinderMetrics {

        @SuppressWarnings("NullAway") // Nothing is asked of the binder.
        NoLagMetrics() {
            super(null, null);
        }

        @Override
        public void bindTo(MeterRegistry registry) {}
    }
}
