package dev.athanor.gateway.messaging;

import dev.athanor.contracts.message.DeploymentDesired;
import dev.athanor.contracts.message.StageCommand;
import dev.athanor.contracts.message.Topics;
import dev.athanor.stage.messaging.CloudEvent;
import dev.athanor.stage.messaging.Outbox;
import org.springframework.stereotype.Component;

/** What the gateway says, through the outbox: sent if, and only if, the transaction commits. */
@Component
public class Announcer {

    private static final String DEPLOYMENT_DESIRED = "dev.athanor.deployment.desired";

    private final Outbox outbox;

    Announcer(Outbox outbox) {
        this.outbox = outbox;
    }

    public void command(StageCommand command) {
        outbox.add(Topics.commands(command.run().type().service()), CloudEvent.of(command));
    }

    public void deployment(DeploymentDesired desired) {
        outbox.add(Topics.DEPLOYMENTS, new CloudEvent(desired.name(), DEPLOYMENT_DESIRED, desired.name(), "", desired));
    }
}
