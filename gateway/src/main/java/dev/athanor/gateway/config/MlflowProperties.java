package dev.athanor.gateway.config;

import dev.athanor.gateway.mlflow.MlflowSettings;
import java.net.URI;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * {@code athanor.mlflow.*}; see {@link MlflowSettings}.
 *
 * @param url of the tracking server; blank = nothing is reported
 */
@ConfigurationProperties("athanor.mlflow")
record MlflowProperties(
        @DefaultValue("") String url,
        @Nullable String token,
        @Nullable String username,
        @Nullable String password,
        @DefaultValue("athanor") String experiment,
        @DefaultValue("10s") Duration timeout,
        @DefaultValue("2s") Duration interval,
        @DefaultValue("2s") Duration patience,
        @DefaultValue("5m") Duration mostPatience) {

    MlflowSettings settings() {
        return new MlflowSettings(
                URI.create(url),
                blankToNull(token),
                blankToNull(username),
                blankToNull(password),
                experiment,
                timeout,
                interval,
                patience,
                mostPatience);
    }

    private static @Nullable String blankToNull(@Nullable String text) {
        return text == null || text.isBlank() ? null : text;
    }

    /** Without secrets. */
    @Override
    public String toString() {
        return "MlflowProperties[experiment=" + experiment + "]";
    }
}
