package dev.athanor.ingestion.source;

import dev.athanor.contracts.json.Json;
import dev.athanor.ingestion.charset.TextDecoder;
import dev.athanor.ingestion.http.Fetched;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.zip.GZIPInputStream;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.json.JsonReadFeature;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.MissingNode;

/** Small things that connectors to APIs share. */
final class Query {

    private static final int MAX_ANSWER = 64 << 20;

    /** Of sites that write JSON by hand: GDELT escapes what needs none, titles hold raw control characters. */
    private static final JsonMapper LENIENT = Json.MAPPER
            .rebuild()
            .enable(JsonReadFeature.ALLOW_BACKSLASH_ESCAPING_ANY_CHARACTER)
            .enable(JsonReadFeature.ALLOW_UNESCAPED_CONTROL_CHARS)
            .disable(DeserializationFeature.FAIL_ON_READING_DUP_TREE_KEY)
            .build();

    private Query() {}

    /** {@code base?name=value&…}; pairs with an empty value are left out. */
    static String url(String base, String... namesAndValues) {
        var url = new StringBuilder(base);
        char separator = '?';
        for (int i = 0; i < namesAndValues.length; i += 2) {
            if (!namesAndValues[i + 1].isEmpty()) {
                url.append(separator).append(namesAndValues[i]).append('=').append(encode(namesAndValues[i + 1]));
                separator = '&';
            }
        }
        return url.toString();
    }

    static String encode(String value) {
        return URLEncoder.encode(value, StandardCharsets.UTF_8);
    }

    /** A path with its slashes. */
    static String encodePath(String path) {
        return encode(path).replace("%2F", "/").replace("+", "%20");
    }

    /** The answer's text, whatever its encoding; also of servers that compress without being asked to. */
    static String text(Fetched answer) throws IOException {
        try (var in = new BufferedInputStream(Files.newInputStream(answer.file()))) {
            in.mark(2);
            boolean gzip = in.read() == 0x1f && in.read() == 0x8b;
            in.reset();
            byte[] bytes = (gzip ? new GZIPInputStream(in) : in).readNBytes(MAX_ANSWER + 1);
            if (bytes.length > MAX_ANSWER) {
                throw new IOException("an answer of more than " + MAX_ANSWER + " bytes from "
                        + answer.url().getHost());
            }
            return bytes.length == 0
                    ? ""
                    : TextDecoder.decode(bytes, answer.charset()).text();
        }
    }

    static JsonNode json(Fetched answer) throws IOException {
        String text = text(answer);
        try {
            return LENIENT.readTree(text);
        } catch (JacksonException e) {
            String said = text.substring(0, Math.min(text.length(), 200)).replaceAll("[\\p{Cntrl}\\s]+", " ");
            throw new IOException("expected JSON from " + answer.url().getHost() + ", got: " + said, e);
        }
    }

    /**
     * The address of the next page that an answer names, without a key that it may echo; empty where it names none.
     *
     * @throws IOException if that is not at {@code endpoint}: it would be sent the secret
     */
    static String next(@Nullable String url, String endpoint) throws IOException {
        if (url == null || url.isBlank()) {
            return "";
        }
        if (!url.startsWith(endpoint + "/")) {
            throw new IOException("expected a next page below " + endpoint + ", got '" + url + "'");
        }
        return url.replaceFirst("[?&]api_key=[^&]*$", "").replaceFirst("(?<=[?&])api_key=[^&]*&", "");
    }

    /** The text at a path of field names; empty where there is none. */
    static String at(JsonNode node, String... path) {
        JsonNode here = node;
        for (String name : path) {
            here = here.has(name) ? here.get(name) : MissingNode.getInstance();
        }
        return here.isValueNode() && !here.isNull() ? here.asString() : "";
    }
}
