package dev.athanor.gateway.web;

import dev.athanor.contracts.error.AthanorException;
import dev.athanor.contracts.error.ErrorCode;
import dev.athanor.contracts.error.Violation;
import dev.athanor.contracts.json.Json;
import dev.athanor.contracts.json.SpecReader;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpInputMessage;
import org.springframework.http.HttpOutputMessage;
import org.springframework.http.MediaType;
import org.springframework.http.converter.AbstractHttpMessageConverter;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.TokenStreamLocation;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;
import tools.jackson.dataformat.yaml.YAMLFactory;
import tools.jackson.dataformat.yaml.YAMLMapper;

/**
 * Reads request bodies into the project's records: JSON or YAML, bounded, strict UTF-8, and every fault told by field.
 * It comes before the framework's own converter, whose messages name Java types.
 */
class SpecConverter extends AbstractHttpMessageConverter<Record> {

    private static final List<MediaType> YAML = List.of(
            MediaType.parseMediaType("application/yaml"),
            MediaType.parseMediaType("application/x-yaml"),
            MediaType.parseMediaType("text/yaml"));

    private static final ObjectMapper YAML_MAPPER = YAMLMapper.builder(YAMLFactory.builder()
                    .streamReadConstraints(
                            StreamReadConstraints.builder().maxNestingDepth(64).build())
                    .build())
            .enable(DeserializationFeature.FAIL_ON_READING_DUP_TREE_KEY)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private final int mostBytes;

    SpecConverter(int mostBytes) {
        super(MediaType.APPLICATION_JSON, YAML.get(0), YAML.get(1), YAML.get(2));
        this.mostBytes = mostBytes;
    }

    @Override
    protected boolean supports(Class<?> type) {
        return type.isRecord() && type.getName().startsWith("dev.athanor.");
    }

    @Override
    protected boolean canWrite(@Nullable MediaType mediaType) {
        return false;
    }

    @Override
    protected Record readInternal(Class<? extends Record> type, HttpInputMessage input) throws IOException {
        byte[] bytes = read(input);
        MediaType contentType = input.getHeaders().getContentType();
        boolean yaml = contentType != null && YAML.stream().anyMatch(y -> y.isCompatibleWith(contentType));
        JsonNode tree = parse(decode(bytes), yaml);
        check(tree, "");
        return SpecReader.read(tree, type);
    }

    private byte[] read(HttpInputMessage input) throws IOException {
        byte[] bytes = input.getHeaders().getContentLength() > mostBytes
                ? new byte[mostBytes + 1]
                : input.getBody().readNBytes(mostBytes + 1);
        if (bytes.length > mostBytes) {
            throw new AthanorException(
                    ErrorCode.PAYLOAD_TOO_LARGE, "the body is too large; expected at most " + mostBytes + " bytes");
        }
        return bytes;
    }

    private static String decode(byte[] bytes) {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        } catch (CharacterCodingException e) {
            throw invalid("", null, "a body in UTF-8");
        }
    }

    private static JsonNode parse(String text, boolean yaml) {
        JsonNode tree;
        try {
            tree = yaml ? YAML_MAPPER.readTree(text) : Json.MAPPER.readTree(text);
        } catch (JacksonException e) {
            throw invalid("", null, "well-formed " + (yaml ? "YAML" : "JSON") + " (" + where(e) + ")");
        }
        if (!tree.isObject()) {
            throw invalid("", tree.isMissingNode() ? null : tree.toString(), "an object");
        }
        return tree;
    }

    private static String where(JacksonException e) {
        TokenStreamLocation at = e.getLocation();
        String what =
                e.getOriginalMessage().startsWith("Trailing token") ? "more than one value" : e.getOriginalMessage();
        return (at == null ? "" : "line " + at.getLineNr() + ", column " + at.getColumnNr() + ": ") + what;
    }

    /** What no record takes: texts that PostgreSQL or UTF-8 cannot hold, integers beyond 64 bits, null in arrays. */
    private static void check(JsonNode node, String path) {
        if (node.isIntegralNumber() && !node.canConvertToLong()) {
            throw invalid(path, node.toString(), "an integer of at most 64 bits");
        } else if (node.isString()) {
            String text = node.asString();
            if (text.indexOf('\0') >= 0 || !StandardCharsets.UTF_8.newEncoder().canEncode(text)) {
                throw invalid(path, null, "a text without NUL and without unpaired surrogates");
            }
        } else if (node.isArray()) {
            for (int i = 0; i < node.size(); i++) {
                String at = path + "[" + i + "]";
                if (node.get(i).isNull()) {
                    throw invalid(at, "null", "a value");
                }
                check(node.get(i), at);
            }
        } else if (node.isObject()) {
            node.properties().forEach(field -> {
                check(Json.MAPPER.stringNode(field.getKey()), path);
                check(field.getValue(), path.isEmpty() ? field.getKey() : path + "." + field.getKey());
            });
        }
    }

    private static AthanorException invalid(String field, @Nullable String value, String expected) {
        return AthanorException.invalid(
                ErrorCode.INVALID_REQUEST, new Violation(field.isEmpty() ? "body" : field, value, expected));
    }

    @Override
    protected void writeInternal(Record value, HttpOutputMessage output) {
        throw new UnsupportedOperationException("reads only");
    }
}
