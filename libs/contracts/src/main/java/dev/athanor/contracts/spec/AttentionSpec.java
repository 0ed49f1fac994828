package dev.athanor.contracts.spec;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonProperty;
import dev.athanor.contracts.error.Checks;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How a layer attends. In a specification {@code kind} is {@code full} and numbers are 0 where they are left out.
 *
 * @param kind {@code full}, {@code sliding-window}, {@code longformer} (window + global positions) or {@code bigbird} (window + global +
 *     random positions)
 * @param window positions fewer than this many apart see each other; 0 for {@code full}
 * @param globals the first so many positions see all and are seen by all
 * @param randoms random positions that each position sees
 * @param positions {@code none}, {@code rotary}, {@code alibi}, {@code relative} (T5) or {@code disentangled} (DeBERTa)
 */
public record AttentionSpec(String kind, int window, int globals, int randoms, String positions) {

    public AttentionSpec {
        Checks.oneOf("kind", kind, List.of("full", "sliding-window", "longformer", "bigbird"));
        boolean windowed = !"full".equals(kind);
        Checks.that(
                windowed ? window >= 1 && window <= 1 << 20 : window == 0,
                "window",
                window,
                windowed ? "an integer from 1 to 1048576" : "0 where all is seen");
        boolean global = "longformer".equals(kind) || "bigbird".equals(kind);
        Checks.range("globals", globals, 0, global ? 4096 : 0);
        Checks.range("randoms", randoms, 0, "bigbird".equals(kind) ? 64 : 0);
        Checks.oneOf("positions", positions, List.of("none", "rotary", "alibi", "relative", "disentangled"));
    }

    @JsonCreator
    static AttentionSpec read(
            @JsonProperty("kind") @Nullable String kind,
            @JsonProperty("window") @Nullable Integer window,
            @JsonProperty("globals") @Nullable Integer globals,
            @JsonProperty("randoms") @Nullable Integer randoms,
            @JsonProperty("positions") String positions) {
        return new AttentionSpec(
                kind == null ? "full" : kind, orZero(window), orZero(globals), orZero(randoms), positions);
    }

    private static int orZero(@Nullable Integer value) {
        return value == null ? 0 : value;
    }
}
