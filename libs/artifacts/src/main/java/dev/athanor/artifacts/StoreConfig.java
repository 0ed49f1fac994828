package dev.athanor.artifacts;

import dev.athanor.contracts.error.Checks;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Where artifacts are kept.
 *
 * @param location a local folder, or {@code s3://bucket/prefix}
 * @param endpoint S3 endpoint URL, or null for AWS itself
 * @param accessKey S3 access key, or null to take credentials from the environment as the AWS SDK does
 * @param cacheFolder verified local copies of S3 blobs
 * @param reserveBytes disk space that is left free; a write that would go below it is refused
 */
public record StoreConfig(
        String location,
        @Nullable String endpoint,
        String region,
        @Nullable String accessKey,
        @Nullable String secretKey,
        Path cacheFolder,
        long reserveBytes) {

    public static final long DEFAULT_RESERVE = 64L << 20;

    public StoreConfig {
        Checks.notBlank("location", location);
        Checks.notBlank("region", region);
        Checks.that(
                (accessKey == null) == (secretKey == null),
                "accessKey",
                accessKey,
                "access key and secret key, or neither");
        Checks.range("reserveBytes", reserveBytes, 0, Long.MAX_VALUE);
    }

    public static StoreConfig local(Path folder) {
        return new StoreConfig(folder.toString(), null, "us-east-1", null, null, folder, DEFAULT_RESERVE);
    }

    /** Reads {@code ATHANOR_STORE}, {@code ATHANOR_S3_*} and {@code ATHANOR_STORE_CACHE}. */
    public static StoreConfig fromEnvironment(Map<String, String> environment) {
        return new StoreConfig(
                environment.getOrDefault("ATHANOR_STORE", ".athanor/store"),
                environment.get("ATHANOR_S3_ENDPOINT"),
                environment.getOrDefault("ATHANOR_S3_REGION", "us-east-1"),
                environment.get("ATHANOR_S3_ACCESS_KEY"),
                environment.get("ATHANOR_S3_SECRET_KEY"),
                Path.of(environment.getOrDefault(
                        "ATHANOR_STORE_CACHE",
                        Path.of(System.getProperty("java.io.tmpdir"), "athanor-cache")
                                .toString())),
                DEFAULT_RESERVE);
    }

    boolean isS3() {
        return location.startsWith("s3://");
    }

    @Override
    public String toString() {
        return "StoreConfig[" + location + (endpoint == null ? "" : ", endpoint " + endpoint) + "]";
    }
}
