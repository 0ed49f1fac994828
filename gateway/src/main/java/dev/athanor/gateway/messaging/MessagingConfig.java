package dev.athanor.gateway.messaging;

import dev.athanor.contracts.message.Topics;
import dev.athanor.gateway.config.GatewayProperties;
import dev.athanor.gateway.service.JobService;
import java.util.function.Consumer;
import org.apache.kafka.clients.admin.NewTopic;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.kafka.config.TopicBuilder;
import org.springframework.messaging.Message;
import org.springframework.scheduling.annotation.Scheduled;

/** Bindings and topics; the destinations are in gateway.yml. */
@Configuration(proxyBeanMethods = false)
class MessagingConfig {

    @Bean
    Consumer<Message<byte[]>> stageEvents(StageEventIntake intake) {
        return intake::take;
    }

    /** Compacted: an inference service that starts reads the last word on every deployment. */
    @Bean
    NewTopic deploymentsTopic() {
        return TopicBuilder.name(Topics.DEPLOYMENTS).partitions(1).compact().build();
    }

    /** Commands and events that were lost are made up for by asking again. */
    @Bean
    Resync resync(JobService jobs, GatewayProperties properties) {
        return new Resync(jobs, properties);
    }

    static class Resync {
        private final JobService jobs;
        private final GatewayProperties properties;

        Resync(JobService jobs, GatewayProperties properties) {
            this.jobs = jobs;
            this.properties = properties;
        }

        @Scheduled(fixedDelayString = "10s")
        void ask() {
            jobs.resyncSilent(properties.resyncAfter());
        }
    }
}
