package dev.athanor.inference.messaging;

import dev.athanor.contracts.error.AthanorException;
import dev.athanor.contracts.json.Json;
import dev.athanor.contracts.json.SpecReader;
import dev.athanor.contracts.message.DeploymentDesired;
import dev.athanor.contracts.message.Topics;
import dev.athanor.inference.deployment.Deployments;
import dev.athanor.stage.messaging.DeadLetters;
import org.springframework.messaging.Message;
import org.springframework.messaging.support.MessageBuilder;
import tools.jackson.core.JacksonException;

/**
 * Takes in what is to be served. Every instance reads the whole compacted topic when it starts, so it needs no memory of its
 * own; loading is left to {@link Deployments}, so polling never waits.
 */
public final class DeploymentMessages {

    private final Deployments deployments;
    private final DeadLetters deadLetters;

    public DeploymentMessages(Deployments deployments, DeadLetters deadLetters) {
        this.deployments = deployments;
        this.deadLetters = deadLetters;
    }

    public void desired(Message<?> message) {
        if (!(message.getPayload() instanceof byte[] payload)) {
            // Kafka's tombstone: the deployment was forgotten, after a revision without variants took it down.
            return;
        }
        try {
            deployments.apply(Json.MAPPER.readValue(payload, DeploymentDesired.class));
        } catch (JacksonException e) {
            putAside(message, payload, SpecReader.explain(e, null));
        } catch (AthanorException e) {
            putAside(message, payload, e);
        }
    }

    private void putAside(Message<?> message, byte[] payload, AthanorException e) {
        deadLetters.poison(
                Topics.DEPLOYMENTS,
                MessageBuilder.withPayload(payload)
                        .copyHeaders(message.getHeaders())
                        .build(),
                "not a DeploymentDesired: " + e.getMessage());
    }
}
