package dev.athanor.artifacts;

import dev.athanor.contracts.artifact.ArtifactFile;
import dev.athanor.contracts.artifact.ArtifactId;
import dev.athanor.contracts.artifact.Manifest;
import dev.athanor.contracts.error.AthanorException;
import dev.athanor.contracts.error.ErrorCode;
import java.io.IOException;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Whether token shards and a tokenizer belong together, by where the shards came from. */
public final class TokensTokenizer {

    /** The file of artifacts that have a tokenizer. */
    public static final String FILE = "tokenizer.json";

    private static final String ROLE = "tokenizer";
    private static final Logger LOG = LoggerFactory.getLogger(TokensTokenizer.class);

    private TokensTokenizer() {}

    /**
     * Refuses ids of another tokenizer: they would be read as other tokens. Shards whose tokenizer is not known are let pass, and that is
     * logged.
     *
     * @param role of the token shards among the inputs
     * @param tokens manifest of the token shards
     * @param other an artifact with a {@code tokenizer.json}
     * @param otherRole its role
     * @throws AthanorException INVALID_SPEC naming the role
     */
    public static void require(ArtifactStore store, String role, Manifest tokens, String otherRole, Manifest other)
            throws IOException {
        ArtifactId encodedBy = tokens.inputs().get(ROLE);
        Optional<String> hash = encodedBy == null ? Optional.empty() : hash(store, encodedBy);
        Optional<String> wanted = hash(other);
        if (hash.isEmpty() || wanted.isEmpty()) {
            LOG.warn(
                    "inputs.{} ({}) do not tell the tokenizer that encoded them; whether it is that of inputs.{} cannot be checked",
                    role,
                    tokens.id(),
                    otherRole);
        } else if (!hash.equals(wanted)) {
            throw AthanorException.invalidSpec(
                    "inputs." + role,
                    tokens.id() + ", encoded by the tokenizer " + encodedBy,
                    "tokens that the tokenizer of inputs." + otherRole + " (" + other.id() + ") encoded");
        }
    }

    private static Optional<String> hash(Manifest manifest) {
        return manifest.files().stream()
                .filter(file -> file.name().equals(FILE))
                .map(ArtifactFile::blob)
                .map(blob -> blob.sha256())
                .findFirst();
    }

    /** Empty where the artifact is not in the store any more. */
    private static Optional<String> hash(ArtifactStore store, ArtifactId tokenizer) throws IOException {
        try {
            return hash(store.manifest(tokenizer));
        } catch (AthanorException e) {
            if (e.code() == ErrorCode.NOT_FOUND) {
                return Optional.empty();
            }
            throw e;
        }
    }
}
