package dev.athanor.preprocessing.clean;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import dev.athanor.artifacts.LocalArtifactStore;
import dev.athanor.contracts.document.Document;
import dev.athanor.contracts.json.Json;
import dev.athanor.contracts.json.SpecReader;
import dev.athanor.contracts.spec.CleanSpec;
import dev.athanor.preprocessing.dedup.MinHash;
import dev.athanor.preprocessing.filter.Analysis;
import dev.athanor.preprocessing.filter.Filters;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Every filter and step, on texts that bring a backtracking or quadratic one to a standstill: the bound is a hundred times what they need. */
class HostileTextsTest {

    private static final int LENGTH = 200_000;
    private static final CleanSpec SPEC = (CleanSpec) SpecReader.read(
            Json.tree(Map.of(
                    "filters",
                    List.of(
                            "length",
                            "gopher-quality",
                            "gopher-repetition",
                            "c4-quality",
                            "c4-paragraph",
                            "fineweb-quality",
                            "language",
                            "script",
                            "dialect",
                            "spam",
                            "toxicity",
                            "adult"),
                    "identifyLanguage",
                    true,
                    "pii",
                    Map.of("mode", "scrub"),
                    "standardization",
                    Map.of("lineBreaks", "all", "stopWords", "en", "compatibility", true))),
            CleanSpec.DEFAULTS);

    @TempDir
    Path folder;

    @ParameterizedTest
    @ValueSource(
            strings = {
                "a",
                " ",
                "\n",
                "a\n",
                ".",
                "1",
                "1.2.",
                "1-",
                "a@",
                "a.",
                "1:",
                "\ud83d",
                "\udc00",
                "\ud83d\ude00",
                "e\u0301",
                "...\n",
                "- ",
                "\u0000",
                "\u200d",
                "漢",
                "Mr. ",
                "http://",
                "[1]",
                "a-\n",
                "a'b",
                "<",
                "+1 (",
                "<div>",
                "<b><table>",
                "<a href='",
                "<!--",
                "&amp;",
                "<p class='share'>x"
            })
    void noTextCostsMoreThanItsLength(String piece) {
        String text = piece.repeat(LENGTH / piece.length());
        assertTimeoutPreemptively(Duration.ofSeconds(120), () -> {
            var cleaner = new DocumentCleaner(SPEC, new LocalArtifactStore(folder), variable -> null);
            for (String type : List.of("text/plain", "text/html")) {
                assertThat(cleaner.clean(document(text, type))).isNotNull();
            }
            // Each by itself, because of one that drops the text the next sees nothing.
            for (Filters.Named named : Filters.of(SPEC)) {
                assertThat(named.filter().test(new Analysis().of(text)))
                        .as(named.name())
                        .isNotNull();
            }
            assertThat(new MinHash(SPEC.minHash()).bands(text)).isNotNull();
        });
    }

    @Test
    void aPageThatIsTooLargeIsDroppedUnread() throws Exception {
        var cleaner = new DocumentCleaner(SPEC, new LocalArtifactStore(folder), variable -> null);
        DocumentCleaner.Outcome outcome = cleaner.clean(document("<p>x".repeat(5_000_001), "text/html"));
        assertThat(outcome)
                .isInstanceOfSatisfying(
                        DocumentCleaner.Dropped.class,
                        dropped -> assertThat(dropped.reason()).isEqualTo("page-too-large"));
    }

    private static Document document(String text, String mediaType) {
        return new Document("0", text, mediaType, "test", "u", null, null, null, new TreeMap<>());
    }
}
