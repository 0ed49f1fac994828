package dev.athanor.ingestion.source;

import dev.athanor.contracts.error.AthanorException;
import dev.athanor.contracts.error.ErrorCode;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;

/** Tokens and keys by name of the site; they go into request headers only, never into URLs, items or logs. */
public final class Secrets {

    private final Map<String, String> values;

    public Secrets(Map<String, String> values) {
        this.values = Map.copyOf(values);
    }

    public static Secrets none() {
        return new Secrets(Map.of());
    }

    /** {@code Authorization: Bearer …}, or no header where there is no such secret. */
    Map<String, String> bearer(String site) {
        return has(site) ? Map.of("Authorization", "Bearer " + values.get(site)) : Map.of();
    }

    /** {@code Authorization: Basic …} for a secret of the form {@code user:key}. */
    Map<String, String> basic(String site) {
        String encoded = Base64.getEncoder().encodeToString(require(site).getBytes(StandardCharsets.UTF_8));
        return Map.of("Authorization", "Basic " + encoded);
    }

    Map<String, String> header(String site, String header) {
        return Map.of(header, require(site));
    }

    boolean has(String site) {
        return values.containsKey(site) && !values.getOrDefault(site, "").isBlank();
    }

    private String require(String site) {
        if (!has(site)) {
            throw new AthanorException(
                    ErrorCode.INVALID_SPEC,
                    "sources: expected athanor.ingestion.secrets." + site + " to be set for this source, got nothing");
        }
        return values.getOrDefault(site, "");
    }

    @Override
    public String toString() {
        return "Secrets" + values.keySet();
    }
}
