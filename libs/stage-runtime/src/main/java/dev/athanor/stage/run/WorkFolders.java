package dev.athanor.stage.run;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** Temporary folders of task calls under one root. Best on the artifact store's disk, so that files can be moved there. */
public final class WorkFolders {

    private final Path root;

    /** Also tidies up what killed processes left behind more than a week ago. */
    public WorkFolders(Path root) throws IOException {
        this.root = Files.createDirectories(root);
        FileTime weekAgo = FileTime.from(Instant.now().minus(Duration.ofDays(7)));
        try (Stream<Path> folders = Files.list(root)) {
            for (Path folder : folders.toList()) {
                if (Files.getLastModifiedTime(folder).compareTo(weekAgo) < 0) {
                    delete(folder);
                }
            }
        } catch (NoSuchFileException e) {
            // Another process tidies up too.
        }
    }

    public Path create() throws IOException {
        return Files.createTempDirectory(root, "task-");
    }

    public static void delete(Path folder) throws IOException {
        List<Path> deepestFirst;
        try (Stream<Path> files = Files.walk(folder)) {
            deepestFirst = files.sorted(Comparator.reverseOrder()).toList();
        } catch (NoSuchFileException e) {
            return;
        }
        for (Path file : deepestFirst) {
            Files.deleteIfExists(file);
        }
    }
}
