package dev.athanor.trainer.config;

import dev.athanor.contracts.error.Checks;
import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How workers of one job find each other, prefix {@code athanor.trainer}.
 *
 * @param host address of this process that other trainers reach
 * @param patience how long workers that are there wait for those that are not, before they train without them
 * @param silence after which a worker counts as lost
 * @param meeting how long workers that have found each other may take to connect
 * @param operationLimit how long workers wait for each other within a step, while all are alive
 * @param dataRoots folders that models may be imported from, separated by {@code :}
 */
@ConfigurationProperties("athanor.trainer")
record TrainerProperties(
        @DefaultValue("127.0.0.1") String host,
        @DefaultValue("20s") Duration patience,
        @DefaultValue("10s") Duration silence,
        @DefaultValue("20s") Duration meeting,
        @DefaultValue("10m") Duration operationLimit,
        @DefaultValue("") String dataRoots) {

    TrainerProperties {
        Checks.notBlank("athanor.trainer.host", host);
        Checks.that(silence.compareTo(Duration.ofSeconds(2)) >= 0, "athanor.trainer.silence", silence, "at least 2s");
        Checks.that(meeting.compareTo(Duration.ofSeconds(1)) >= 0, "athanor.trainer.meeting", meeting, "at least 1s");
        Checks.that(
                operationLimit.compareTo(Duration.ofSeconds(10)) >= 0,
                "athanor.trainer.operation-limit",
                operationLimit,
                "at least 10s");
    }
}
