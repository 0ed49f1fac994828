package dev.athanor.ingestion.format;

import dev.athanor.ingestion.content.BadContentException;
import dev.athanor.ingestion.content.Content;
import dev.athanor.ingestion.content.DeadLetterReason;
import dev.athanor.ingestion.content.Facts;
import dev.athanor.ingestion.content.Output;
import dev.athanor.ingestion.http.Fetched;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.netpreserve.jwarc.HttpResponse;
import org.netpreserve.jwarc.MediaType;
import org.netpreserve.jwarc.WarcConversion;
import org.netpreserve.jwarc.WarcReader;
import org.netpreserve.jwarc.WarcRecord;
import org.netpreserve.jwarc.WarcResource;
import org.netpreserve.jwarc.WarcResponse;
import org.netpreserve.jwarc.WarcTargetRecord;

/**
 * WARC 0.17 to 1.1 and ARC through jwarc: successful responses, resources, and the texts of WET files, each by its own
 * address. Requests, revisits and metadata are no documents. Compressed files come through {@link GzipFormat}.
 */
final class WarcFormat implements Format {

    @Override
    public String name() {
        return "warc";
    }

    @Override
    public boolean magic(byte[] head) {
        String start = new String(head, 0, Math.min(head.length, 16), StandardCharsets.ISO_8859_1);
        return start.startsWith("WARC/") || start.startsWith("filedesc://");
    }

    @Override
    public Set<String> extensions() {
        return Set.of("warc", "arc", "wet", "wat");
    }

    @Override
    public Set<String> mediaTypes() {
        return Set.of("application/warc", "application/x-ia-arc");
    }

    @Override
    public void read(Content content, Output output) throws IOException {
        // Not closed: it would close the stream under it, which is not its own.
        var warc = new WarcReader(content.stream());
        warc.setLenient(true);
        int pages = 0;
        for (Optional<WarcRecord> next = warc.next(); next.isPresent(); next = warc.next()) {
            content.budget().checkTime();
            if (next.get() instanceof WarcTargetRecord captured && record(content, captured, output)) {
                pages++;
            }
        }
        if (pages == 0) {
            output.deadLetter(content.uri(), DeadLetterReason.NO_TEXT, "an archive without successful responses");
        }
    }

    /** Whether the record is a page or the like, readable or not. */
    private static boolean record(Content content, WarcTargetRecord record, Output output) throws IOException {
        String uri = record.target();
        try {
            return switch (record) {
                case WarcResponse response -> response(content, response, uri, output);
                case WarcConversion text ->
                    body(
                            content,
                            record,
                            uri,
                            text.body().stream(),
                            "text/plain",
                            StandardCharsets.UTF_8,
                            null,
                            output);
                case WarcResource resource ->
                    body(
                            content,
                            record,
                            uri,
                            resource.body().stream(),
                            type(resource.payloadType()),
                            Fetched.charset(resource.payloadType().toString()),
                            null,
                            output);
                default -> false;
            };
        } catch (BadContentException e) {
            throw e;
        } catch (IOException | RuntimeException e) {
            if (e instanceof Output.Failure) {
                throw e;
            }
            BadContentException bad = BadContentException.of(e);
            output.deadLetter(uri, bad.reason(), String.valueOf(bad.getMessage()));
            return true;
        }
    }

    private static boolean response(Content content, WarcResponse response, String uri, Output output)
            throws IOException {
        if (!uri.startsWith("http")) {
            return false; // dns: and the like
        }
        HttpResponse http = response.http();
        if (http.status() != 200) {
            return false; // redirects and errors, of which a crawl is full
        }
        String contentType = http.headers().first("Content-Type").orElse(null);
        MediaType type = http.contentType();
        return body(
                content, response, uri, http.body().stream(), type(type), Fetched.charset(contentType), http, output);
    }

    private static boolean body(
            Content content,
            WarcTargetRecord record,
            String uri,
            InputStream body,
            @Nullable String type,
            @Nullable Charset charset,
            @Nullable HttpResponse http,
            Output output)
            throws IOException {
        var facts = new TreeMap<String, String>();
        facts.put(Facts.FETCHED_AT, record.date().toString());
        if (http != null) {
            http.headers().first("X-Robots-Tag").ifPresent(v -> facts.put(Facts.ROBOTS, v.toLowerCase(Locale.ROOT)));
            http.headers().first("TDM-Reservation").ifPresent(v -> facts.put(Facts.TDM_RESERVATION, v));
        }
        record.headers().first("WARC-Identified-Content-Language").ifPresent(v -> facts.put("language-identified", v));
        output.nested(content.at(uri, name(uri), type, charset, facts, body));
        return true;
    }

    private static @Nullable String type(MediaType type) {
        String base = type.base().toString().toLowerCase(Locale.ROOT);
        return base.equals("application/octet-stream") ? null : base;
    }

    private static String name(String uri) {
        try {
            String path = URI.create(uri).getPath();
            String last = path == null ? "" : path.substring(path.lastIndexOf('/') + 1);
            // Scripts answer with anything: what they are called says nothing.
            return last.matches(".*\\.(php|asp|aspx|jsp|cgi|pl|com|org|net)") ? "" : last;
        } catch (IllegalArgumentException e) {
            return "";
        }
    }
}
