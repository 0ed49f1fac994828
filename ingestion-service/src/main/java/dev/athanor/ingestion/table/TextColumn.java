package dev.athanor.ingestion.table;

import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Finds the column that holds the text (or the label) among the columns that are there. */
public final class TextColumn {

    /** Usual names, the surest first. */
    public static final List<String> TEXT_NAMES = List.of(
            "text",
            "content",
            "document",
            "body",
            "article",
            "sentence",
            "review",
            "review_text",
            "reviewtext",
            "tweet",
            "comment",
            "message",
            "raw_content",
            "story",
            "passage",
            "abstract",
            "description",
            "summary",
            "completion",
            "output");

    public static final List<String> LABEL_NAMES = List.of(
            "label",
            "sentiment",
            "class",
            "category",
            "target",
            "polarity",
            "stars",
            "rating",
            "score",
            "labels",
            "airline_sentiment",
            "label_text");

    public static final Set<String> KNOWN = union(TEXT_NAMES, LABEL_NAMES);

    private TextColumn() {}

    /** {@code wanted}, or null if it is not there; where nothing is wanted, the first usual name that is there, or null. */
    public static @Nullable String find(Collection<String> columns, @Nullable String wanted, List<String> usual) {
        if (wanted != null) {
            return columns.contains(wanted) ? wanted : null;
        }
        for (String name : usual) {
            for (String column : columns) {
                if (column.toLowerCase(Locale.ROOT).equals(name)) {
                    return column;
                }
            }
        }
        return null;
    }

    private static Set<String> union(List<String> a, List<String> b) {
        var all = new java.util.TreeSet<>(a);
        all.addAll(b);
        all.addAll(Set.of("id", "title", "url"));
        return Set.copyOf(all);
    }
}
