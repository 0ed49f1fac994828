package dev.athanor.ingestion.table;

import java.util.LinkedHashMap;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/** JSON objects as rows: scalars under their name, those of nested objects as {@code outer.inner}, one level deep. */
final class JsonRows {

    private static final int MAX_CELLS = 200;

    private JsonRows() {}

    static Row row(long number, JsonNode object) {
        var cells = new LinkedHashMap<String, String>();
        add(cells, "", object, 0);
        return new Row(number, cells);
    }

    private static void add(Map<String, String> cells, String prefix, JsonNode object, int depth) {
        for (var field : object.properties()) {
            if (cells.size() >= MAX_CELLS) {
                return;
            }
            JsonNode value = field.getValue();
            if (value.isString()) {
                cells.put(prefix + field.getKey(), value.stringValue());
            } else if (value.isValueNode() && !value.isNull()) {
                cells.put(prefix + field.getKey(), value.asString());
            } else if (value.isObject() && depth == 0) {
                add(cells, prefix + field.getKey() + ".", value, depth + 1);
            } else if (value.isArray() && !value.isEmpty() && value.size() <= 1000 && allText(value)) {
                // Lines or paragraphs of one text are common.
                var joined = new StringBuilder();
                value.forEach(
                        line -> joined.append(joined.isEmpty() ? "" : "\n").append(line.stringValue()));
                cells.put(prefix + field.getKey(), joined.toString());
            }
        }
    }

    private static boolean allText(JsonNode array) {
        return array.valueStream().allMatch(JsonNode::isString);
    }
}
