package dev.athanor.ingestion.source;

import dev.athanor.contracts.json.Json;
import dev.athanor.ingestion.http.Fetched;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.MissingNode;

/** Small things that connectors to APIs share. */
final class Query {

    private static final long MAX_ANSWER = 64L << 20;

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

    static String text(Fetched answer) throws IOException {
        if (Files.size(answer.file()) > MAX_ANSWER) {
            throw new IOException("an answer of more than " + MAX_ANSWER + " bytes from "
                    + answer.url().getHost());
        }
        return Files.readString(answer.file());
    }

    static JsonNode json(Fetched answer) throws IOException {
        try {
            return Json.MAPPER.readTree(text(answer));
        } catch (JacksonException e) {
            throw new IOException("not JSON from " + answer.url().getHost() + ": " + e.getOriginalMessage(), e);
        }
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
