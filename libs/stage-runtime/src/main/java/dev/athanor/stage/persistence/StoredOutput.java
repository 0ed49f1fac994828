package dev.athanor.stage.persistence;

import dev.athanor.contracts.artifact.BlobRef;
import org.jspecify.annotations.Nullable;

/** A task's output as JSON in the row, or where it is big, as a blob in the artifact store. */
public record StoredOutput(@Nullable String json, @Nullable BlobRef blob) {}
