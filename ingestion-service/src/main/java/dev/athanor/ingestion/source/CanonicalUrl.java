package dev.athanor.ingestion.source;

import dev.athanor.ingestion.http.Urls;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Arrays;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** One form for addresses that lead to the same page (RFC 3986, 6.2): so that a crawl does not fetch a page twice. */
final class CanonicalUrl {

    private static final int MAX_LENGTH = 2000;

    private static final Pattern TRACKING = Pattern.compile(
            "(utm_[a-z]+|gclid|fbclid|mc_cid|mc_eid|msclkid|igshid|jsessionid|phpsessid|sid)=.*",
            Pattern.CASE_INSENSITIVE);

    private CanonicalUrl() {}

    /**
     * Scheme and host in lower case, no default port, no fragment, no dot segments, escapes only where needed, query sorted and without tracking
     * parameters; null for what is no http or https URL.
     */
    static @Nullable String of(String url) {
        try {
            URI uri = Urls.uri(Urls.normalizeEscapes(url)).normalize();
            String scheme = uri.getScheme() == null ? "" : uri.getScheme().toLowerCase(Locale.ROOT);
            if (!(scheme.equals("http") || scheme.equals("https"))
                    || uri.getHost() == null
                    || url.length() > MAX_LENGTH) {
                return null;
            }
            int port = uri.getPort();
            boolean usual = port == -1 || port == (scheme.equals("http") ? 80 : 443);
            String path = uri.getRawPath() == null || uri.getRawPath().isEmpty()
                    ? "/"
                    : Urls.normalizeEscapes(uri.getRawPath());
            while (path.startsWith("/../")) {
                path = path.substring(3);
            }
            String query = uri.getRawQuery() == null
                    ? ""
                    : Arrays.stream(Urls.normalizeEscapes(uri.getRawQuery()).split("&"))
                            .filter(p -> !p.isEmpty() && !TRACKING.matcher(p).matches())
                            .sorted()
                            .collect(Collectors.joining("&"));
            return scheme + "://" + uri.getHost().toLowerCase(Locale.ROOT) + (usual ? "" : ":" + port) + path
                    + (query.isEmpty() ? "" : "?" + query);
        } catch (URISyntaxException e) {
            return null;
        }
    }
}
