package dev.athanor.preprocessing.dedup;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Arrays;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One form for URLs that lead to the same page: scheme https, host in lower case without {@code www.}, no default port, no
 * fragment, no tracking parameters, the other parameters in order, no slash at the end.
 */
public final class CanonicalUrl {

    private static final Set<String> TRACKING = Set.of(
            "gclid", "fbclid", "msclkid", "dclid", "yclid", "mc_cid", "mc_eid", "igshid", "ref_src", "_ga", "_hsenc",
            "_hsmi");

    private CanonicalUrl() {}

    /** Null for what is no HTTP URL: paths of local files are not compared. */
    public static @Nullable String of(String uri) {
        try {
            URI url = new URI(uri);
            String scheme = url.getScheme();
            String host = url.getHost();
            if (host == null || !"http".equalsIgnoreCase(scheme) && !"https".equalsIgnoreCase(scheme)) {
                return null;
            }
            String name = host.toLowerCase(Locale.ROOT);
            int port = url.getPort();
            String path = url.getRawPath() == null ? "" : url.getRawPath();
            while (path.endsWith("/")) {
                path = path.substring(0, path.length() - 1);
            }
            return "https://" + (name.startsWith("www.") ? name.substring(4) : name)
                    + (port < 0 || port == 80 || port == 443 ? "" : ":" + port)
                    + path
                    + query(url.getRawQuery())
                    + record(url.getRawFragment());
        } catch (URISyntaxException e) {
            return null;
        }
    }

    private static String query(@Nullable String query) {
        if (query == null) {
            return "";
        }
        String kept = String.join(
                "&",
                Arrays.stream(query.split("&"))
                        .filter(CanonicalUrl::counts)
                        .sorted()
                        .toList());
        return kept.isEmpty() ? "" : "?" + kept;
    }

    private static boolean counts(String parameter) {
        String name = parameter.split("=", 2)[0].toLowerCase(Locale.ROOT);
        return !parameter.isEmpty() && !name.startsWith("utm_") && !TRACKING.contains(name);
    }

    /** Ingestion names the records of one file by fragments ({@code #row=5}): those are documents of their own. */
    private static String record(@Nullable String fragment) {
        return fragment != null && fragment.indexOf('=') > 0 ? "#" + fragment : "";
    }
}
