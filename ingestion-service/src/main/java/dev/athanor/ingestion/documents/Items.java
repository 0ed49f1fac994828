package dev.athanor.ingestion.documents;

import dev.athanor.artifacts.ArtifactStore;
import dev.athanor.contracts.artifact.BlobRef;
import dev.athanor.contracts.json.Json;
import dev.athanor.ingestion.source.Item;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Lists of items travel through the artifact store, because there may be millions of them. */
final class Items {

    private Items() {}

    static BlobRef put(ArtifactStore store, List<Item> items) throws IOException {
        var bytes = new ByteArrayOutputStream();
        for (Item item : items) {
            bytes.write(Json.MAPPER.writeValueAsBytes(item));
            bytes.write('\n');
        }
        return store.put(bytes.toByteArray());
    }

    static List<Item> get(ArtifactStore store, BlobRef blob) throws IOException {
        try (InputStream in = store.open(blob)) {
            var items = new ArrayList<Item>();
            for (String line : new String(in.readAllBytes(), StandardCharsets.UTF_8).split("\n")) {
                if (!line.isEmpty()) {
                    items.add(Json.MAPPER.readValue(line, Item.class));
                }
            }
            return items;
        }
    }

    /**
     * Cuts items into groups of about equal size. Depends on the items alone, never on the number of workers.
     *
     * @param taskBytes size after which a group is closed
     */
    static List<List<Item>> group(List<Item> items, long taskBytes, int taskItems) {
        List<List<Item>> groups = new ArrayList<>();
        List<Item> group = new ArrayList<>();
        long bytes = 0;
        for (Item item : items) {
            if (!group.isEmpty() && (bytes + item.size() > taskBytes || group.size() == taskItems)) {
                groups.add(group);
                group = new ArrayList<>();
                bytes = 0;
            }
            group.add(item);
            bytes += item.size();
        }
        if (!group.isEmpty()) {
            groups.add(group);
        }
        return groups;
    }
}
