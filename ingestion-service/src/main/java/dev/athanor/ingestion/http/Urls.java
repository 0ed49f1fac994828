package dev.athanor.ingestion.http;

import dev.athanor.ingestion.content.BadContentException;
import dev.athanor.ingestion.content.DeadLetterReason;
import java.net.URI;
import java.net.URISyntaxException;

/** URLs that may be fetched. */
public final class Urls {

    private Urls() {}

    /** @throws BadContentException unless it is an http or https URL with a host and without credentials */
    public static URI parse(String url) throws BadContentException {
        try {
            URI uri = new URI(url.strip().replace(" ", "%20"));
            boolean web = "http".equalsIgnoreCase(uri.getScheme()) || "https".equalsIgnoreCase(uri.getScheme());
            if (!web || uri.getHost() == null || uri.getUserInfo() != null) {
                throw new BadContentException(
                        DeadLetterReason.ADDRESS_REFUSED,
                        "expected an http or https URL with a host, got '" + url + "'");
            }
            return uri;
        } catch (URISyntaxException e) {
            throw new BadContentException(
                    DeadLetterReason.ADDRESS_REFUSED, "expected a URL, got '" + url + "': " + e.getReason());
        }
    }
}
