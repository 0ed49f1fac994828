package dev.athanor.lm.format;

import java.io.IOException;
import java.util.List;
import tools.jackson.databind.JsonNode;

/** Fields of a {@code config.json}, read strictly: one that is null counts as left out, one of another type is refused by its name. */
record ConfigFields(String path, JsonNode json) {

    ConfigFields(JsonNode json) {
        this("", json);
    }

    private JsonNode at(String field) {
        JsonNode value = json.path(field);
        return value.isNull() ? json.path("") : value;
    }

    boolean has(String field) {
        return !at(field).isMissingNode();
    }

    private IOException fault(String field, String expected) {
        JsonNode value = json.path(field);
        return new IOException("field " + path + field + " is " + (value.isMissingNode() ? "missing" : value)
                + ", expected " + expected);
    }

    /** From 1 to {@code most}. */
    int count(String field, int most) throws IOException {
        JsonNode value = at(field);
        if (!value.isInt() || value.asInt() < 1 || value.asInt() > most) {
            throw fault(field, "a whole number from 1 to " + most);
        }
        return value.asInt();
    }

    int count(String field, int most, int absent) throws IOException {
        return has(field) ? count(field, most) : absent;
    }

    /** Any finite number. */
    double number(String field) throws IOException {
        JsonNode value = at(field);
        if (!value.isNumber() || !Double.isFinite(value.asDouble())) {
            throw fault(field, "a number");
        }
        return value.asDouble();
    }

    double number(String field, double absent) throws IOException {
        return has(field) ? number(field) : absent;
    }

    boolean flag(String field, boolean absent) throws IOException {
        if (has(field) && !at(field).isBoolean()) {
            throw fault(field, "true or false");
        }
        return has(field) ? at(field).asBoolean() : absent;
    }

    /** @throws IOException if it has the other value: the library has no architecture for that */
    void only(String field, boolean expected, boolean absent) throws IOException {
        if (flag(field, absent) != expected) {
            throw fault(field, Boolean.toString(expected));
        }
    }

    String text(String field, String absent) throws IOException {
        if (has(field) && !at(field).isString()) {
            throw fault(field, "a text");
        }
        return has(field) ? at(field).asString() : absent;
    }

    String oneOf(String field, List<String> allowed, String absent) throws IOException {
        String value = text(field, absent);
        if (!allowed.contains(value)) {
            throw fault(field, "one of " + allowed);
        }
        return value;
    }

    /** @throws IOException if the field is there: what it turns on is not done */
    void without(String field) throws IOException {
        if (has(field)) {
            throw fault(field, "nothing");
        }
    }

    /** An object within this one; without fields where it is left out. */
    ConfigFields object(String field) throws IOException {
        if (has(field) && !at(field).isObject()) {
            throw fault(field, "an object");
        }
        return new ConfigFields(path + field + ".", at(field));
    }
}
