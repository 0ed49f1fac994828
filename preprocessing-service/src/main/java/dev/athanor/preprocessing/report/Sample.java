package dev.athanor.preprocessing.report;

import dev.athanor.contracts.document.Document;
import dev.athanor.contracts.json.Json;
import java.nio.charset.StandardCharsets;
import java.util.Comparator;
import org.jspecify.annotations.Nullable;

/**
 * A document that the report shows.
 *
 * @param order hash of the id: the smallest ones are shown, so the choice is the same however the corpus is cut
 * @param text its beginning
 */
record Sample(
        String order,
        String id,
        String source,
        String uri,
        @Nullable String language,
        long characters,
        String text) {

    static final Comparator<Sample> ORDER = Comparator.comparing(Sample::order).thenComparing(Sample::uri);

    static Sample of(Document document, int characters) {
        String text = document.text();
        int end = Math.min(text.length(), characters);
        if (end > 0 && end < text.length() && Character.isHighSurrogate(text.charAt(end - 1))) {
            end--;
        }
        return new Sample(
                Json.sha256Hex(document.id().getBytes(StandardCharsets.UTF_8)),
                document.id(),
                document.source(),
                document.uri(),
                document.language(),
                text.codePointCount(0, text.length()),
                text.substring(0, end));
    }
}
