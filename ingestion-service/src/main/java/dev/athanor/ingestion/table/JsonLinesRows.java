package dev.athanor.ingestion.table;

import dev.athanor.contracts.json.Json;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.Reader;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/** JSON Lines (https://jsonlines.org): one object a line; empty lines are skipped, a bad line is one bad row. */
public final class JsonLinesRows implements Rows {

    private static final int MAX_LINE = 32 << 20;

    private final BufferedReader in;
    private long number;

    public JsonLinesRows(Reader reader) {
        this.in = new BufferedReader(reader, 1 << 16);
    }

    @Override
    public @Nullable Row next() throws IOException {
        String line;
        do {
            line = readLine();
            if (line == null) {
                return null;
            }
        } while (line.isBlank());
        number++;
        JsonNode value;
        try {
            value = Json.MAPPER.readTree(line);
        } catch (JacksonException e) {
            throw new BadRowException(number, "not JSON: " + e.getOriginalMessage());
        }
        if (value.isString()) {
            return new Row(number, java.util.Map.of("text", value.stringValue()));
        }
        if (!value.isObject()) {
            throw new BadRowException(number, "expected a JSON object, got " + value.getNodeType());
        }
        return JsonRows.row(number, value);
    }

    @Override
    public void close() throws IOException {
        in.close();
    }

    /** As BufferedReader does it, but bounded, and without U+2028 and the like as line ends. */
    private @Nullable String readLine() throws IOException {
        var line = new StringBuilder();
        int c = in.read();
        if (c < 0) {
            return null;
        }
        boolean tooLong = false;
        while (c >= 0 && c != '\n') {
            if (line.length() >= MAX_LINE) {
                tooLong = true;
                line.setLength(0);
            }
            if (!tooLong) {
                line.append((char) c);
            }
            c = in.read();
        }
        if (tooLong) {
            number++;
            throw new BadRowException(number, "longer than " + MAX_LINE + " characters");
        }
        return line.toString();
    }
}
