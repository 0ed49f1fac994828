package dev.athanor.preprocessing.filter;

import static org.assertj.core.api.Assertions.assertThat;

import dev.athanor.contracts.json.Json;
import dev.athanor.preprocessing.Shared;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

/** Decisions and reasons of datatrove 0.10 on real documents. */
class GoldenFiltersTest {

    @ParameterizedTest
    @CsvSource({
        "gopher-quality, gopher_quality",
        "gopher-repetition, gopher_repetition",
        "c4-quality, c4_quality",
        "c4-paragraph, c4_paragraph",
        "fineweb-quality, fineweb_quality"
    })
    void decidesAsTheReferenceDoes(String name, String reference) throws Exception {
        Filter filter = filter(name);
        var analysis = new Analysis();
        List<String> differences = new ArrayList<>();
        for (JsonNode row : Shared.jsonLines("golden/filters.jsonl.zst")) {
            String text = row.get("text").asString();
            JsonNode expected = row.get(reference);
            Verdict verdict = filter.test(analysis.of(text));
            String reason = verdict instanceof Verdict.Drop(String because) ? because : null;
            if (!Objects.equals(reason, reason(expected))) {
                differences.add(row.get("id").asString() + ": " + reason + ", not " + reason(expected));
            } else if (reason == null && expected.has("text_sha1")) {
                String kept = verdict instanceof Verdict.Rewrite(String rewritten) ? rewritten : text;
                if (!sha1(kept).equals(expected.get("text_sha1").asString())) {
                    differences.add(row.get("id").asString() + ": text differs");
                }
            }
        }
        assertThat(differences).isEmpty();
    }

    private static String reason(JsonNode expected) {
        JsonNode reason = expected.get("reason");
        return reason.isNull()
                ? null
                : reason.asString().equals("< 3 paragraphs") ? "too_few_paragraphs" : reason.asString();
    }

    private static Filter filter(String name) {
        return Filters.of(FilterTesting.spec("web", List.of(name), Json.MAPPER.createObjectNode()))
                .getFirst()
                .filter();
    }

    private static String sha1(String text) throws Exception {
        return HexFormat.of()
                .formatHex(MessageDigest.getInstance("SHA-1").digest(text.getBytes(StandardCharsets.UTF_8)));
    }
}
