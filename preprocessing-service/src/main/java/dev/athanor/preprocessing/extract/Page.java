package dev.athanor.preprocessing.extract;

import org.jspecify.annotations.Nullable;

/**
 * What is worth keeping of an HTML page.
 *
 * @param title of the page, without the site's name where that can be told, or null
 * @param text blocks on lines of their own
 * @param language declared in the markup (BCP 47, as written), or null
 */
public record Page(
        @Nullable String title, String text, @Nullable String language) {}
