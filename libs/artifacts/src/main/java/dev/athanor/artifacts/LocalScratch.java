package dev.athanor.artifacts;

import dev.athanor.contracts.error.AthanorException;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Comparator;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.Stream;

/** Scratch files in {@code scratch/<key>/}; clearing a key clears the keys below it too. */
final class LocalScratch implements Scratch {

    private final BlobFolder blobs;
    private final Path folder;

    LocalScratch(BlobFolder blobs, String key) {
        this.blobs = blobs;
        this.folder = blobs.root().resolve("scratch").resolve(ScratchNames.check("scratch key", key));
    }

    @Override
    public List<String> list(String prefix) throws IOException {
        var names = new TreeSet<String>();
        Files.walkFileTree(folder, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                String name = folder.relativize(file).toString();
                if (attributes.isRegularFile() && name.startsWith(prefix)) {
                    names.add(name);
                }
                return FileVisitResult.CONTINUE;
            }

            /** Another attempt at the task may delete files meanwhile. */
            @Override
            public FileVisitResult visitFileFailed(Path file, IOException e) throws IOException {
                if (e instanceof NoSuchFileException) {
                    return FileVisitResult.CONTINUE;
                }
                throw e;
            }
        });
        return List.copyOf(names);
    }

    @Override
    public void put(String name, Path file) throws IOException {
        blobs.replace(file, resolve(name));
    }

    @Override
    public void get(String name, Path target) throws IOException {
        try {
            StorageFull.guard(target, () -> Files.copy(resolve(name), target));
        } catch (NoSuchFileException e) {
            throw AthanorException.notFound("scratch file", name);
        }
    }

    @Override
    public void delete(String name) throws IOException {
        Files.deleteIfExists(resolve(name));
    }

    @Override
    public void clear() throws IOException {
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

    private Path resolve(String name) {
        return folder.resolve(ScratchNames.check("scratch name", name));
    }
}
