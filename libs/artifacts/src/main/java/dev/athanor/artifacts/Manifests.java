package dev.athanor.artifacts;

import dev.athanor.contracts.artifact.ArtifactId;
import dev.athanor.contracts.artifact.Manifest;
import dev.athanor.contracts.error.AthanorException;
import dev.athanor.contracts.error.ErrorCode;
import dev.athanor.contracts.json.Json;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Bytes of a manifest and back, with the id as the checksum. */
final class Manifests {

    private Manifests() {}

    static final String FOLDER = "manifests/";

    private static final Pattern NAME = Pattern.compile("(?:.*/)?([0-9a-f]{64})\\.json");

    static String name(ArtifactId id) {
        return FOLDER + id.hex() + ".json";
    }

    /** The artifacts whose manifests have these names; other names are left out. */
    static List<ArtifactId> ids(Stream<String> names) {
        return names.map(NAME::matcher)
                .filter(Matcher::matches)
                .map(name -> ArtifactId.ofSha256(name.group(1)))
                .sorted(Comparator.comparing(ArtifactId::value))
                .toList();
    }

    static Manifest read(ArtifactId id, byte[] bytes) {
        String found = Json.sha256Hex(bytes);
        if (!found.equals(id.hex())) {
            throw new AthanorException(
                    ErrorCode.ARTIFACT_CORRUPT, "manifest of " + id + ": its bytes have the SHA-256 " + found);
        }
        return Json.MAPPER.readValue(bytes, Manifest.class);
    }
}
