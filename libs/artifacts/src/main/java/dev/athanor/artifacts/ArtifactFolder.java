package dev.athanor.artifacts;

import dev.athanor.contracts.artifact.ArtifactFile;
import dev.athanor.contracts.artifact.Manifest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/** An artifact's files under their own names, for code that reads a folder. */
public final class ArtifactFolder {

    private ArtifactFolder() {}

    /**
     * Verifies every file and links it into the folder, which is made if absent.
     *
     * @return the folder; its files are the store's own: never to be written to
     */
    public static Path link(ArtifactStore store, Manifest manifest, Path folder) throws IOException {
        Files.createDirectories(folder);
        for (ArtifactFile file : manifest.files()) {
            Path link = folder.resolve(file.name());
            Files.createDirectories(link.getParent());
            Files.createSymbolicLink(link, store.local(file.blob()).toAbsolutePath());
        }
        return folder;
    }

    /**
     * The other way round: stores files of a folder.
     *
     * @param names in the folder
     * @return a list that can be added to
     */
    public static List<ArtifactFile> store(ArtifactStore store, Path folder, Collection<String> names)
            throws IOException {
        List<ArtifactFile> files = new ArrayList<>();
        for (String name : names) {
            files.add(new ArtifactFile(name, store.put(folder.resolve(name))));
        }
        return files;
    }
}
