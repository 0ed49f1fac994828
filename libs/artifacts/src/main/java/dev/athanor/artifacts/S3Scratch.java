package dev.athanor.artifacts;

import dev.athanor.contracts.error.AthanorException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import software.amazon.awssdk.services.s3.model.NoSuchKeyException;

/** Scratch files as objects {@code scratch/<key>/<name>}; clearing a key clears the keys below it too. */
final class S3Scratch implements Scratch {

    private final S3Objects objects;
    private final String folder;

    S3Scratch(S3Objects objects, String key) {
        this.objects = objects;
        this.folder = "scratch/" + ScratchNames.check("scratch key", key) + "/";
    }

    @Override
    public List<String> list(String prefix) {
        return objects.list(folder + prefix).stream()
                .map(k -> k.substring(folder.length()))
                .toList();
    }

    @Override
    public void put(String name, Path file) throws IOException {
        objects.put(key(name), file);
    }

    @Override
    public void get(String name, Path target) throws IOException {
        try (InputStream in = objects.open(key(name))) {
            StorageFull.guard(target, () -> Files.copy(in, target));
        } catch (NoSuchKeyException e) {
            throw AthanorException.notFound("scratch file", name);
        }
    }

    @Override
    public void delete(String name) {
        objects.delete(key(name));
    }

    @Override
    public void clear() {
        objects.list(folder).forEach(objects::delete);
    }

    private String key(String name) {
        return folder + ScratchNames.check("scratch name", name);
    }
}
