package dev.athanor.gateway.service;

import dev.athanor.gateway.config.GatewayProperties;
import dev.athanor.gateway.persistence.IdempotencyKeys;
import dev.athanor.stage.persistence.InboxRows;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Transactional;

/** What has to be done now and then. Any number of instances may do it at the same time. */
@Component
public class Housekeeping {

    private static final Duration KEPT = Duration.ofDays(7);

    private final JobService jobs;
    private final InboxRows inbox;
    private final IdempotencyKeys idempotencyKeys;
    private final GatewayProperties properties;
    private final Clock clock;

    Housekeeping(
            JobService jobs,
            InboxRows inbox,
            IdempotencyKeys idempotencyKeys,
            GatewayProperties properties,
            Clock clock) {
        this.jobs = jobs;
        this.inbox = inbox;
        this.idempotencyKeys = idempotencyKeys;
        this.properties = properties;
        this.clock = clock;
    }

    /** Commands and events that were lost are made up for by asking again. */
    @Scheduled(fixedDelay = 10, timeUnit = TimeUnit.SECONDS)
    public void askAboutSilentJobs() {
        jobs.resyncSilent(properties.resyncAfter());
    }

    /** Messages and requests are not repeated after a week. */
    @Scheduled(initialDelay = 5, fixedDelay = 60, timeUnit = TimeUnit.MINUTES)
    @Transactional
    public void forget() {
        Instant before = clock.instant().minus(KEPT);
        inbox.deleteBefore(before);
        idempotencyKeys.forget(before);
    }
}
