package dev.athanor.contracts.spec;

import dev.athanor.contracts.artifact.BlobRef;
import dev.athanor.contracts.error.Checks;

/**
 * A file that was uploaded before.
 *
 * @param name file name with its extension, by which the format is told
 * @param blob where the artifact store has its bytes
 */
public record UploadedFile(String name, BlobRef blob) {

    public UploadedFile {
        Checks.notBlank("name", name);
        Checks.present("blob", blob);
    }
}
