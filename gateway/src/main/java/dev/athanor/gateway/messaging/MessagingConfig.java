package dev.athanor.gateway.messaging;

import dev.athanor.contracts.message.Topics;
import java.util.function.Consumer;
import org.apache.kafka.clients.admin.NewTopic;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.kafka.config.TopicBuilder;
import org.springframework.messaging.Message;

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
}
