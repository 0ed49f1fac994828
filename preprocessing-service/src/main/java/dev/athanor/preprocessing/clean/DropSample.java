package dev.athanor.preprocessing.clean;

import dev.athanor.contracts.document.Document;

/**
 * A dropped document, for people to look at.
 *
 * @param step filter or other step that dropped it
 * @param text its beginning, at most {@value #MAX_TEXT} characters
 */
public record DropSample(
        String reason, String step, String id, String source, String uri, int characters, String text) {

    static final int MAX_TEXT = 1_000;

    static DropSample of(Document document, String step, String reason) {
        String text = document.text();
        int end = Math.min(text.length(), MAX_TEXT);
        if (end < text.length() && Character.isHighSurrogate(text.charAt(end - 1))) {
            end--;
        }
        return new DropSample(
                reason, step, document.id(), document.source(), document.uri(), text.length(), text.substring(0, end));
    }
}
