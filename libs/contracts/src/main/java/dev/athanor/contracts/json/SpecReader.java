package dev.athanor.contracts.json;

import dev.athanor.contracts.error.AthanorException;
import dev.athanor.contracts.error.ErrorCode;
import dev.athanor.contracts.error.Violation;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DatabindException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.exc.InvalidFormatException;
import tools.jackson.databind.exc.MismatchedInputException;
import tools.jackson.databind.exc.UnrecognizedPropertyException;
import tools.jackson.databind.node.ObjectNode;

/** Reads a specification strictly: defaults are filled in first, then every fault names the field, the value and what is expected. */
public final class SpecReader {

    private SpecReader() {}

    /**
     * @param defaults values for the fields that {@code json} leaves out, at any depth; arrays are replaced, not merged
     * @throws AthanorException with code INVALID_SPEC
     */
    public static <T> T read(JsonNode json, T defaults) {
        if (!json.isObject()) {
            throw AthanorException.invalidSpec("", json, "a JSON object");
        }
        @SuppressWarnings("unchecked")
        Class<T> type = (Class<T>) defaults.getClass();
        return read(merge((ObjectNode) Json.tree(defaults), (ObjectNode) json), type);
    }

    public static <T> T read(JsonNode json, Class<T> type) {
        try {
            return Json.MAPPER.treeToValue(json, type);
        } catch (JacksonException e) {
            throw explain(e, json);
        }
    }

    private static ObjectNode merge(ObjectNode base, ObjectNode over) {
        ObjectNode merged = base.deepCopy();
        over.properties().forEach(field -> {
            JsonNode below = merged.get(field.getKey());
            boolean sameVariant = below instanceof ObjectNode b
                    && field.getValue() instanceof ObjectNode o
                    && (!o.has("type") || o.get("type").equals(b.get("type")));
            merged.set(
                    field.getKey(),
                    sameVariant ? merge((ObjectNode) below, (ObjectNode) field.getValue()) : field.getValue());
        });
        return merged;
    }

    /** Turns Jackson's exception into one with a field path; a violation thrown by a compact constructor gets its path. */
    public static AthanorException explain(JacksonException e, @Nullable JsonNode json) {
        String path = e instanceof DatabindException d ? path(d) : "";
        for (Throwable t = e.getCause(); t != null; t = t.getCause()) {
            if (t instanceof AthanorException inner && !inner.violations().isEmpty()) {
                return path.isEmpty() ? inner : inner.under(path);
            }
        }
        Violation violation = switch (e) {
            case UnrecognizedPropertyException u ->
                new Violation(
                        path,
                        valueAt(json, u),
                        "one of the known fields "
                                + (u.getKnownPropertyIds() == null
                                        ? List.of()
                                        : u.getKnownPropertyIds().stream()
                                                .map(String::valueOf)
                                                .sorted()
                                                .toList()));
            case InvalidFormatException f ->
                new Violation(path, String.valueOf(f.getValue()), typeName(f.getTargetType()));
            case MismatchedInputException m -> new Violation(path, valueAt(json, m), typeName(m.getTargetType()));
            default -> new Violation(path, null, "valid JSON (" + e.getOriginalMessage() + ")");
        };
        return new AthanorException(ErrorCode.INVALID_SPEC, violation.toString(), List.of(violation), e);
    }

    private static String path(DatabindException e) {
        var path = new StringBuilder();
        e.getPath().forEach(r -> {
            if (r.getPropertyName() != null) {
                path.append(path.isEmpty() ? "" : ".").append(r.getPropertyName());
            } else if (r.getIndex() >= 0) {
                path.append('[').append(r.getIndex()).append(']');
            }
        });
        return path.toString();
    }

    private static @Nullable String valueAt(@Nullable JsonNode json, DatabindException e) {
        JsonNode at = json;
        for (var r : e.getPath()) {
            if (at == null) {
                return null;
            }
            at = r.getPropertyName() != null ? at.get(r.getPropertyName()) : at.get(r.getIndex());
        }
        return at == null ? null : at.toString();
    }

    private static String typeName(@Nullable Class<?> type) {
        if (type == null) {
            return "another type";
        }
        if (type.isEnum()) {
            return "one of "
                    + java.util.Arrays.stream(type.getEnumConstants())
                            .map(c -> Json.tree(c).asString())
                            .toList();
        }
        if (type == int.class || type == Integer.class || type == long.class || type == Long.class) {
            return "an integer";
        }
        if (type == double.class || type == Double.class || type == float.class) {
            return "a number";
        }
        if (type == boolean.class || type == Boolean.class) {
            return "true or false";
        }
        if (type == String.class) {
            return "a text";
        }
        if (java.util.Collection.class.isAssignableFrom(type) || type.isArray()) {
            return "an array";
        }
        return "an object (" + type.getSimpleName() + ")";
    }
}
