package dev.athanor.ingestion.table;

import dev.athanor.contracts.json.Json;
import java.io.IOException;
import java.io.Reader;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.databind.JsonNode;

/**
 * JSON values as rows: the elements of a top-level array, read one by one; or a top-level object, and if it has no text of
 * its own but exactly one array of objects, that array's elements (as in {@code {"data": [{…}, …]}}).
 */
public final class JsonValuesRows implements Rows {

    private final JsonParser parser;
    private final boolean array;
    private Iterator<JsonNode> unpacked = List.<JsonNode>of().iterator();
    private long number;

    public JsonValuesRows(Reader reader) throws IOException {
        try {
            this.parser = Json.MAPPER.createParser(reader);
            this.array = parser.nextToken() == JsonToken.START_ARRAY;
            if (array) {
                parser.nextToken();
            }
        } catch (JacksonException e) {
            throw asIo(e);
        }
    }

    @Override
    public @Nullable Row next() throws IOException {
        if (unpacked.hasNext()) {
            return row(unpacked.next());
        }
        try {
            JsonToken token = parser.currentToken();
            if (token == null || token == JsonToken.END_ARRAY) {
                return null;
            }
            JsonNode value = Json.MAPPER
                    .reader()
                    .without(tools.jackson.databind.DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                    .readTree(parser);
            parser.nextToken();
            List<JsonNode> inner = array ? List.of() : inside(value);
            if (!inner.isEmpty()) {
                unpacked = inner.iterator();
                return row(unpacked.next());
            }
            return row(value);
        } catch (JacksonException e) {
            throw asIo(e);
        }
    }

    @Override
    public void close() {
        parser.close();
    }

    private Row row(JsonNode value) throws BadRowException {
        number++;
        if (value.isString()) {
            return new Row(number, java.util.Map.of("text", value.stringValue()));
        }
        if (!value.isObject()) {
            throw new BadRowException(number, "expected a JSON object, got " + value.getNodeType());
        }
        return JsonRows.row(number, value);
    }

    private static List<JsonNode> inside(JsonNode value) {
        if (!value.isObject() || TextColumn.find(value.propertyNames(), null, TextColumn.TEXT_NAMES) != null) {
            return List.of();
        }
        List<JsonNode> arrays = value.valueStream()
                .filter(v -> v.isArray() && !v.isEmpty() && v.get(0).isObject())
                .toList();
        return arrays.size() == 1 ? arrays.getFirst().valueStream().toList() : List.of();
    }

    /** What the stream under the parser threw stays what it is; all else is broken JSON. */
    private static IOException asIo(JacksonException e) {
        return e.getCause() instanceof IOException io ? io : new IOException("not JSON: " + e.getOriginalMessage(), e);
    }
}
