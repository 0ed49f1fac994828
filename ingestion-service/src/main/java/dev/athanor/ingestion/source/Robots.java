package dev.athanor.ingestion.source;

import dev.athanor.ingestion.content.BadContentException;
import dev.athanor.ingestion.content.DeadLetterReason;
import dev.athanor.ingestion.http.Fetched;
import dev.athanor.ingestion.http.Urls;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;

/** Asks each site's robots.txt before its pages, and keeps the distance that it wants. */
final class Robots {

    private static final int MAX_BYTES = 512 << 10;

    private final String agent;

    /** @param agent product token of the user agent, in lower case */
    Robots(String agent) {
        this.agent = agent;
    }

    /** Waits for the site's crawl delay. @throws BadContentException OPTED_OUT when robots.txt says no */
    void check(String url, Reading reading) throws IOException, InterruptedException {
        URI uri = Urls.parse(url);
        RobotsTxt rules = of(uri, reading);
        String path = (uri.getRawPath() == null || uri.getRawPath().isEmpty() ? "/" : uri.getRawPath())
                + (uri.getRawQuery() == null ? "" : "?" + uri.getRawQuery());
        if (!rules.allows(path)) {
            throw new BadContentException(DeadLetterReason.OPTED_OUT, "robots.txt does not allow " + path);
        }
        reading.await(uri.getHost(), rules.crawlDelay());
    }

    /** What is not there allows everything; what cannot be reached allows nothing (RFC 9309, 2.3.1). */
    RobotsTxt of(URI page, Reading reading) throws InterruptedException, IOException {
        String url = page.getScheme() + "://" + page.getRawAuthority() + "/robots.txt";
        try {
            Fetched file = reading.fetch(url);
            byte[] bytes = Files.newInputStream(file.file()).readNBytes(MAX_BYTES);
            return RobotsTxt.parse(new String(bytes, StandardCharsets.UTF_8), agent);
        } catch (BadContentException e) {
            boolean absent = e.reason() == DeadLetterReason.HTTP_STATUS
                    && String.valueOf(e.getMessage()).matches(".*status 4(?!29)\\d\\d.*");
            return absent ? RobotsTxt.NONE : RobotsTxt.CLOSED;
        }
    }
}
