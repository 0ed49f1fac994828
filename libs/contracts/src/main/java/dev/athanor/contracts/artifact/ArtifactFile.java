package dev.athanor.contracts.artifact;

import dev.athanor.contracts.error.Checks;
import java.util.regex.Pattern;

/** One file of an artifact: its relative name (no {@code ..}, no leading slash) and the bytes it holds. */
public record ArtifactFile(String name, BlobRef blob) {

    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_-][A-Za-z0-9._-]*(/[A-Za-z0-9_-][A-Za-z0-9._-]*)*");

    public ArtifactFile {
        Checks.matches("name", name, NAME, "a relative path of letters, digits, '.', '_', '-'");
        Checks.present("blob", blob);
    }
}
