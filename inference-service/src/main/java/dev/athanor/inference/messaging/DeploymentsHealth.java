package dev.athanor.inference.messaging;

import dev.athanor.contracts.message.Topics;
import dev.athanor.inference.deployment.Deployments;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.context.event.EventListener;
import org.springframework.kafka.event.ListenerContainerIdleEvent;

/**
 * Ready once the topic of deployments has been read to its end and no deployment waits for its first bundle. A deployment
 * whose bundle cannot be loaded does not make the others unavailable.
 */
public final class DeploymentsHealth implements HealthIndicator {

    private final Deployments deployments;
    private volatile boolean caughtUp;

    public DeploymentsHealth(Deployments deployments) {
        this.deployments = deployments;
    }

    /** With partitions assigned and nothing coming for a while, what there is has been read. */
    @EventListener
    public void idle(ListenerContainerIdleEvent event) {
        caughtUp |= event.getTopicPartitions() != null
                && event.getTopicPartitions().stream().anyMatch(p -> p.topic().equals(Topics.DEPLOYMENTS));
    }

    @Override
    public Health health() {
        var health = caughtUp && deployments.settled() ? Health.up() : Health.outOfService();
        deployments.statuses().forEach(s -> health.withDetail(s.name(), s));
        return health.build();
    }
}
