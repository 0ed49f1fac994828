package dev.athanor.stage.config;

import dev.athanor.artifacts.StoreConfig;
import dev.athanor.contracts.error.Checks;
import dev.athanor.stage.run.StageMachine;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Settings of a service, prefix {@code athanor}.
 *
 * @param service first part of the stage types that it does, e.g. {@code preprocessing}; names topics and schema
 * @param internalToken bearer token that services ask of each other
 * @param workers tasks that this instance does at a time; 0: one for services that use the whole machine, else two
 * @param lease how long a worker may be silent before its task is given to another
 * @param renew how often a worker renews its lease; also how soon other instances see a cancel or pause
 * @param tick how often a free worker looks for tasks by itself
 * @param maxFailures attempts of a task that may fail
 * @param maxLosses workers that may die on one task
 * @param retryBackoff wait after a task's first failure; doubled with each more
 * @param workFolder temporary files of tasks; default: beside a local store, else in the system's folder
 * @param store where artifacts are
 */
@ConfigurationProperties("athanor")
public record AthanorProperties(
        String service,
        @DefaultValue("") String internalToken,
        @DefaultValue("0") int workers,
        @DefaultValue("10s") Duration lease,
        @DefaultValue("1s") Duration renew,
        @DefaultValue("1s") Duration tick,
        @DefaultValue("3") int maxFailures,
        @DefaultValue("10") int maxLosses,
        @DefaultValue("1s") Duration retryBackoff,
        @Nullable Path workFolder,
        @DefaultValue Store store) {

    /** @param cacheFolder local copies of what is in S3 */
    public record Store(
            @DefaultValue(".athanor/store") String location,
            @Nullable String endpoint,
            @DefaultValue("us-east-1") String region,
            @Nullable String accessKey,
            @Nullable String secretKey,
            @Nullable Path cacheFolder) {

        StoreConfig config() {
            return new StoreConfig(
                    location,
                    blankToNull(endpoint),
                    region,
                    blankToNull(accessKey),
                    blankToNull(secretKey),
                    cacheFolder == null ? temporary("athanor-cache") : cacheFolder,
                    StoreConfig.DEFAULT_RESERVE);
        }

        private static @Nullable String blankToNull(@Nullable String text) {
            return text == null || text.isBlank() ? null : text;
        }
    }

    public AthanorProperties {
        Checks.notBlank("athanor.service", service);
        Checks.range("athanor.workers", workers, 0, 1000);
        Checks.range("athanor.max-failures", maxFailures, 1, 1000);
        Checks.range("athanor.max-losses", maxLosses, 1, 1000);
        Checks.that(
                renew.multipliedBy(3).compareTo(lease) <= 0,
                "athanor.renew",
                renew,
                "at most a third of athanor.lease (" + lease + ")");
    }

    int workerThreads() {
        if (workers > 0) {
            return workers;
        }
        return switch (service) {
            case "trainer", "finetune", "evaluation", "inference" -> 1;
            default -> 2;
        };
    }

    StageMachine.Policy policy() {
        return new StageMachine.Policy(lease, maxFailures, maxLosses, retryBackoff);
    }

    Path workRoot() {
        if (workFolder != null) {
            return workFolder;
        }
        return store.location().startsWith("s3://")
                ? temporary("athanor-work")
                : Path.of(store.location()).resolve("work");
    }

    private static Path temporary(String name) {
        return Path.of(System.getProperty("java.io.tmpdir"), name);
    }

    @Override
    public String toString() {
        return "AthanorProperties[service=" + service + ", workers=" + workerThreads() + ", store=" + store.location()
                + "]";
    }
}
