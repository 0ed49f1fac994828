package dev.athanor.contracts.spec;

import dev.athanor.contracts.error.Checks;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * {@code preprocessing.clean}: raw documents to clean ones.
 *
 * @param profile the filters and limits to start from: {@code web} (the rules for crawled pages, for English),
 *     {@code books} (plain prose of any length and language), {@code none} (no filter)
 * @param filters names of the filters to run, in order; null for the profile's
 * @param limits filter name to the limits that differ from the profile's, e.g.
 *     {@code {"gopher-quality": {"minWords": 20}}}; see docs/reference/filters.md
 * @param normalization {@code none}, {@code standard} (Unicode NFC, white space, control characters), {@code plain} (also
 *     straight quotes, hyphens and dots), {@code lower-case} (also lower case)
 * @param identifyLanguage fill in the language of documents that come without one
 * @param exactDedup drop documents whose text was seen before (the one with the smallest position stays)
 * @param nearDedup drop documents that MinHash finds nearly equal to others; of each cluster the first one stays
 * @param minHash how near-duplicates are found
 * @param shardBytes uncompressed JSONL bytes after which a shard is closed
 * @param pii personal data
 * @param decontamination evaluation sets whose texts may not be in the corpus
 * @param dedup copies of URLs, paragraphs, lines and substrings, and earlier corpora
 * @param standardization repair of line breaks, stop words, domain terms
 */
public record CleanSpec(
        String profile,
        @Nullable List<String> filters,
        SortedMap<String, JsonNode> limits,
        String normalization,
        boolean identifyLanguage,
        boolean exactDedup,
        boolean nearDedup,
        MinHashSpec minHash,
        long shardBytes,
        PiiSpec pii,
        DecontaminationSpec decontamination,
        StandardizationSpec standardization,
        DedupSpec dedup) {

    public static final List<String> PROFILES = List.of("web", "books", "none");
    public static final List<String> NORMALIZATIONS = List.of("none", "standard", "plain", "lower-case");

    public static final CleanSpec DEFAULTS = new CleanSpec(
            "books",
            null,
            new TreeMap<>(),
            "standard",
            false,
            true,
            false,
            MinHashSpec.DEFAULTS,
            128L << 20,
            PiiSpec.DEFAULTS,
            DecontaminationSpec.DEFAULTS,
            StandardizationSpec.DEFAULTS,
            DedupSpec.DEFAULTS);

    public CleanSpec {
        Checks.oneOf("profile", profile, PROFILES);
        filters = filters == null ? null : List.copyOf(filters);
        Checks.present("limits", limits);
        limits = new TreeMap<>(limits);
        Checks.oneOf("normalization", normalization, NORMALIZATIONS);
        Checks.present("minHash", minHash);
        Checks.range("shardBytes", shardBytes, 1 << 10, 4L << 30);
        Checks.present("pii", pii);
        Checks.present("decontamination", decontamination);
        Checks.present("standardization", standardization);
        Checks.present("dedup", dedup);
    }
}
