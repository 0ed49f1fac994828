package dev.athanor.lm.train;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.stream.Stream;

/** Checkpoints in a local folder. */
public record FolderCheckpoints(Path folder) implements CheckpointStore {

    private static final String PART = ".part";

    @Override
    public List<String> list(String prefix) throws IOException {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> name.startsWith(prefix) && !name.endsWith(PART))
                    .sorted()
                    .toList();
        }
    }

    @Override
    public void publish(String name, Path file) throws IOException {
        Files.createDirectories(folder);
        Path part = folder.resolve(name + PART);
        Files.copy(file, part, StandardCopyOption.REPLACE_EXISTING);
        Files.move(part, folder.resolve(name), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    @Override
    public void fetch(String name, Path target) throws IOException {
        Files.copy(folder.resolve(name), target);
    }

    @Override
    public void delete(String name) throws IOException {
        Files.deleteIfExists(folder.resolve(name));
    }
}
