package dev.athanor.evaluation.config;

import dev.athanor.contracts.error.Checks;
import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * {@code athanor.evaluation.*}.
 *
 * @param inspectionLimit of a look into a model that a caller waits for
 * @param inspectionModelSize of the models that are looked into so, at most
 */
@ConfigurationProperties("athanor.evaluation")
record EvaluationProperties(
        @DefaultValue("20s") Duration inspectionLimit,
        @DefaultValue("2GB") DataSize inspectionModelSize) {

    EvaluationProperties {
        Checks.that(inspectionLimit.isPositive(), "athanor.evaluation.inspection-limit", inspectionLimit, "above 0");
    }
}
