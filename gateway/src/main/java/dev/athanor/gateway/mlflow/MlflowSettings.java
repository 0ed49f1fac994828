package dev.athanor.gateway.mlflow;

import dev.athanor.contracts.error.Checks;
import java.net.URI;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How to reach a tracking server.
 *
 * @param token bearer token; null = none
 * @param username for basic authentication, with {@code password}
 * @param experiment of jobs that name none
 * @param timeout of one request
 * @param interval between looks at what there is to tell
 * @param patience after a failure, doubled with each more
 * @param mostPatience after many failures
 */
public record MlflowSettings(
        URI url,
        @Nullable String token,
        @Nullable String username,
        @Nullable String password,
        String experiment,
        Duration timeout,
        Duration interval,
        Duration patience,
        Duration mostPatience) {

    public MlflowSettings {
        // The value is not named: it may hold a password.
        Checks.that(
                url.getRawUserInfo() == null
                        && url.getHost() != null
                        && ("http".equals(url.getScheme()) || "https".equals(url.getScheme())),
                "athanor.mlflow.url",
                null,
                "http://HOST or https://HOST; a user and a password are settings of their own");
        Checks.that(
                (username == null) == (password == null) && (token == null || username == null),
                "athanor.mlflow.username",
                username,
                "a username with a password, or a token, or neither");
        Checks.notBlank("athanor.mlflow.experiment", experiment);
        Checks.that(timeout.isPositive(), "athanor.mlflow.timeout", timeout, "above 0");
    }

    /** Without secrets. */
    @Override
    public String toString() {
        return "MlflowSettings[url=" + url + ", experiment=" + experiment + "]";
    }
}
