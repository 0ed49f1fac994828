package dev.athanor.contracts.spec;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import dev.athanor.contracts.error.Checks;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Where documents come from. Adding a source: one record here, one connector in ingestion-service. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
@JsonSubTypes({
    @JsonSubTypes.Type(value = SourceSpec.Folder.class, name = "folder"),
    @JsonSubTypes.Type(value = SourceSpec.Http.class, name = "http")
})
public sealed interface SourceSpec {

    /** Shown as the document's source and used in its id. */
    String name();

    /** Declared licence of everything in the source (SPDX id where there is one), or null. */
    @Nullable
    String licence();

    /** Column or field that holds the text, for tables (CSV, TSV, JSON, Parquet); null = look for the usual names. */
    @Nullable
    String textColumn();

    /**
     * A file, or a folder read recursively; hidden files are left out.
     *
     * @param path absolute, or relative to the service's working folder; must lie in an allowed root
     */
    record Folder(
            String name,
            String path,
            @Nullable String textColumn,
            @Nullable String licence) implements SourceSpec {
        public Folder {
            Checks.notBlank("name", name);
            Checks.notBlank("path", path);
        }
    }

    /** HTTP or HTTPS URLs; private addresses are refused unless the service allows them. */
    record Http(
            String name,
            List<String> urls,
            @Nullable String textColumn,
            @Nullable String licence) implements SourceSpec {
        public Http {
            Checks.notBlank("name", name);
            Checks.notEmpty("urls", urls);
            urls = List.copyOf(urls);
            for (int i = 0; i < urls.size(); i++) {
                String url = urls.get(i);
                Checks.that(
                        url.startsWith("http://") || url.startsWith("https://"),
                        "urls[" + i + "]",
                        url,
                        "an http:// or https:// URL");
            }
        }
    }
}
