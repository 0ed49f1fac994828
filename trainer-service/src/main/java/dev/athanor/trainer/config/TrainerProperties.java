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
 */
@ConfigurationProperties("athanor.trainer")
record TrainerProperties(
        @DefaultValue("127.0.0.1") String host,
        @DefaultValue("20s") Duration patience,
        @DefaultValue("10s") Duration silence) {

    TrainerProperties {
        Checks.notBlank("athanor.trainer.host", host);
        Checks.that(silence.compareTo(Duration.ofSeconds(2)) >= 0, "athanor.trainer.silence", silence, "at least 2s");
    }
}
