package dev.athanor.contracts.artifact;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import dev.athanor.contracts.error.Checks;
import java.util.regex.Pattern;

/** Content address of an artifact: {@code sha256:} and the SHA-256 of its manifest's canonical JSON in lower-case hex. */
public record ArtifactId(@JsonValue String value) {

    public static final Pattern FORMAT = Pattern.compile("sha256:[0-9a-f]{64}");

    @JsonCreator
    public ArtifactId {
        Checks.matches("artifact", value, FORMAT, "'sha256:' and 64 lower-case hex digits");
    }

    public static ArtifactId ofSha256(String hex) {
        return new ArtifactId("sha256:" + hex);
    }

    public String hex() {
        return value.substring("sha256:".length());
    }

    @Override
    public String toString() {
        return value;
    }
}
