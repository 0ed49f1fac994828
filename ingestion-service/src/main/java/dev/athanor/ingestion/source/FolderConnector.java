package dev.athanor.ingestion.source;

import dev.athanor.contracts.error.AthanorException;
import dev.athanor.contracts.spec.SourceSpec;
import dev.athanor.ingestion.content.BadContentException;
import dev.athanor.ingestion.content.DeadLetterReason;
import dev.athanor.stage.data.DataRoots;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;

/** Files of a folder, in order of their relative paths. Hidden files are left out, folders behind links are not entered. */
public final class FolderConnector implements Connector<SourceSpec.Folder> {

    private static final int MAX_DEPTH = 64;

    private final DataRoots roots;

    public FolderConnector(DataRoots roots) {
        this.roots = roots;
    }

    @Override
    public Class<SourceSpec.Folder> spec() {
        return SourceSpec.Folder.class;
    }

    @Override
    public List<Item> seeds(SourceSpec.Folder source) throws IOException {
        Path root = roots.resolve("path", source.path());
        var items = new TreeMap<String, Item>();
        if (Files.isRegularFile(root)) {
            String name = root.getFileName().toString();
            items.put(name, Item.of(name, Files.size(root)));
        } else {
            walk(root, root, 0, items);
        }
        if (items.isEmpty()) {
            throw AthanorException.invalidSpec("path", source.path(), "a file, or a folder with files in it");
        }
        return List.copyOf(items.values());
    }

    @Override
    public void read(SourceSpec.Folder source, Item item, Reading reading) throws IOException, InterruptedException {
        Path root = roots.resolve("path", source.path());
        Path file = Files.isRegularFile(root) ? root : root.resolve(item.uri());
        if (!Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
            throw new BadContentException(DeadLetterReason.UNREADABLE, "gone since it was listed");
        }
        if (!roots.allows(file)) {
            throw new BadContentException(
                    DeadLetterReason.PATH_REFUSED, "leads out of the folders that ingestion may read");
        }
        reading.file(Reading.Known.local(item.uri(), file.getFileName().toString()), file);
    }

    private static void walk(Path root, Path folder, int depth, TreeMap<String, Item> items) throws IOException {
        if (depth > MAX_DEPTH) {
            return;
        }
        var entries = new ArrayList<Path>();
        try (DirectoryStream<Path> stream = Files.newDirectoryStream(folder)) {
            stream.forEach(entries::add);
        }
        for (Path entry : entries) {
            if (entry.getFileName().toString().startsWith(".")) {
                continue;
            }
            if (Files.isDirectory(entry, LinkOption.NOFOLLOW_LINKS)) {
                walk(root, entry, depth + 1, items);
            } else if (Files.isRegularFile(entry)) {
                String relative = root.relativize(entry).toString().replace('\\', '/');
                items.put(relative, Item.of(relative, Files.size(entry)));
            }
        }
    }
}
