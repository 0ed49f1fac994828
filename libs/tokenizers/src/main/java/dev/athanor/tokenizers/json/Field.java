package dev.athanor.tokenizers.json;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Reads fields of a JSON object with errors that name the path of the field, what is there and what is expected. */
final class Field {

    private Field() {}

    static boolean bool(JsonNode node, String path, String name, boolean absent) {
        JsonNode value = node.path(name);
        if (value.isMissingNode() || value.isNull()) {
            return absent;
        }
        if (!value.isBoolean()) {
            throw wrong(path, name, value, "true or false");
        }
        return value.booleanValue();
    }

    static int integer(JsonNode node, String path, String name) {
        JsonNode value = node.path(name);
        if (!value.isIntegralNumber() || !value.canConvertToInt()) {
            throw wrong(path, name, value, "an integer");
        }
        return value.intValue();
    }

    static int integer(JsonNode node, String path, String name, int absent) {
        JsonNode value = node.path(name);
        return value.isMissingNode() || value.isNull() ? absent : integer(node, path, name);
    }

    static String string(JsonNode node, String path, String name) {
        JsonNode value = node.path(name);
        if (!value.isString()) {
            throw wrong(path, name, value, "a string");
        }
        return value.stringValue();
    }

    static @Nullable String stringOrNull(JsonNode node, String path, String name) {
        JsonNode value = node.path(name);
        return value.isMissingNode() || value.isNull() ? null : string(node, path, name);
    }

    static String string(JsonNode node, String path, String name, String absent) {
        String value = stringOrNull(node, path, name);
        return value == null ? absent : value;
    }

    static int codePoint(JsonNode node, String path, String name, String absent) {
        String value = string(node, path, name, absent);
        if (value.codePointCount(0, value.length()) != 1) {
            throw wrong(path, name, node.path(name), "a string of one character");
        }
        return value.codePointAt(0);
    }

    static JsonNode array(JsonNode node, String path, String name) {
        JsonNode value = node.path(name);
        if (!value.isArray()) {
            throw wrong(path, name, value, "an array");
        }
        return value;
    }

    static JsonNode object(JsonNode node, String path, String name) {
        JsonNode value = node.path(name);
        if (!value.isObject()) {
            throw wrong(path, name, value, "an object");
        }
        return value;
    }

    /** The field as a string of one of an enum's names, written in its own way. */
    static IllegalArgumentException wrong(String path, String name, JsonNode value, String expected) {
        String shown = value.isMissingNode() ? "nothing" : value.toString();
        String cut = shown.length() > 80 ? shown.substring(0, 80) + "…" : shown;
        return new IllegalArgumentException(path + "." + name + ": " + cut + ", expected " + expected);
    }
}
