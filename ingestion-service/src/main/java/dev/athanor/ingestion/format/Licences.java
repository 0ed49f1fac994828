package dev.athanor.ingestion.format;

import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Licence URLs and common names to SPDX identifiers (https://spdx.org/licenses/). */
public final class Licences {

    private static final Pattern CREATIVE_COMMONS = Pattern.compile(
            "creativecommons\\.org/licenses/(by(?:-nc)?(?:-nd|-sa)?)/(\\d\\.\\d)", Pattern.CASE_INSENSITIVE);

    private static final Pattern CC_NAME =
            Pattern.compile("(?:.*\\()?cc[ -]?(by(?:-nc)?(?:-nd|-sa)?)(?:[ -](\\d\\.\\d))?\\)?");

    /** What sites write where nobody has said anything. */
    private static final Set<String> UNKNOWN = Set.of("unknown", "none", "n/a", "unspecified");

    /** Names as the Hub and Kaggle list them. */
    private static final Map<String, String> NAMES = Map.ofEntries(
            Map.entry("mit", "MIT"),
            Map.entry("mit license", "MIT"),
            Map.entry("apache-2.0", "Apache-2.0"),
            Map.entry("apache 2.0", "Apache-2.0"),
            Map.entry("apache license 2.0", "Apache-2.0"),
            Map.entry("cc0", "CC0-1.0"),
            Map.entry("cc0-1.0", "CC0-1.0"),
            Map.entry("cc0: public domain", "CC0-1.0"),
            Map.entry("public domain", "public-domain"),
            Map.entry("publicdomain", "public-domain"),
            Map.entry("public-domain", "public-domain"),
            Map.entry("u.s. government works", "public-domain"),
            Map.entry("odbl", "ODbL-1.0"),
            Map.entry("database: open database, contents: © original authors", "ODbL-1.0"),
            Map.entry("database: open database, contents: database contents", "ODbL-1.0"),
            Map.entry("odc-by", "ODC-By-1.0"),
            Map.entry("odc attribution license (odc-by)", "ODC-By-1.0"),
            Map.entry("pddl", "PDDL-1.0"),
            Map.entry("odc public domain dedication and licence (pddl)", "PDDL-1.0"));

    private Licences() {}

    /** The SPDX identifier, or the text itself where none is known (at most 200 characters). */
    public static @Nullable String normalize(@Nullable String licence) {
        if (licence == null || licence.isBlank()) {
            return null;
        }
        String text = licence.strip();
        String lower = text.toLowerCase(Locale.ROOT);
        if (UNKNOWN.contains(lower)) {
            return null;
        }
        Matcher url = CREATIVE_COMMONS.matcher(lower);
        if (url.find()) {
            return "CC-" + upper(url.group(1)) + "-" + url.group(2);
        }
        if (lower.contains("creativecommons.org/publicdomain/zero")) {
            return "CC0-1.0";
        }
        if (lower.contains("creativecommons.org/publicdomain/mark")
                || lower.contains("creativecommons.org/licenses/publicdomain")) {
            return "public-domain";
        }
        Matcher name = CC_NAME.matcher(lower);
        if (name.matches()) {
            return "CC-" + upper(name.group(1)) + "-" + (name.group(2) == null ? "4.0" : name.group(2));
        }
        String known = NAMES.get(lower);
        return known != null ? known : text.substring(0, Math.min(text.length(), 200));
    }

    private static String upper(String text) {
        return text.toUpperCase(Locale.ROOT);
    }
}
