package dev.athanor.artifacts;

import dev.athanor.contracts.artifact.ArtifactId;
import dev.athanor.contracts.artifact.Manifest;
import dev.athanor.contracts.error.AthanorException;
import dev.athanor.contracts.error.ErrorCode;
import dev.athanor.contracts.json.Json;

/** Bytes of a manifest and back, with the id as the checksum. */
final class Manifests {

    private Manifests() {}

    static String name(ArtifactId id) {
        return "manifests/" + id.hex() + ".json";
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
