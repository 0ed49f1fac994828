package dev.athanor.preprocessing.filter;

import dev.athanor.contracts.json.Json;
import dev.athanor.contracts.json.SpecReader;
import dev.athanor.contracts.spec.CleanSpec;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/** What the filter tests share. */
final class FilterTesting {

    private FilterTesting() {}

    static CleanSpec spec(String profile, List<String> filters, JsonNode limits) {
        return SpecReader.read(
                Json.tree(Map.of("profile", profile, "filters", filters, "limits", limits)), CleanSpec.DEFAULTS);
    }

    /** The reason for dropping, or "kept", or "rewritten: " and the text. */
    static String verdict(Filter filter, String text) {
        return switch (filter.test(new Analysis().of(text))) {
            case Verdict.Keep keep -> "kept";
            case Verdict.Rewrite(String rewritten) -> "rewritten: " + rewritten;
            case Verdict.Drop(String reason) -> reason;
        };
    }
}
