package dev.athanor.ingestion.source;

import dev.athanor.artifacts.ArtifactStore;
import dev.athanor.contracts.artifact.BlobRef;
import dev.athanor.contracts.spec.SourceSpec;
import dev.athanor.contracts.spec.UploadedFile;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Uploaded files, which lie in the artifact store. */
final class UploadConnector implements Connector<SourceSpec.Upload> {

    private final ArtifactStore store;

    UploadConnector(ArtifactStore store) {
        this.store = store;
    }

    @Override
    public Class<SourceSpec.Upload> spec() {
        return SourceSpec.Upload.class;
    }

    @Override
    public List<Item> seeds(SourceSpec.Upload source) {
        List<Item> items = new ArrayList<>();
        for (UploadedFile file : source.files()) {
            items.add(new Item(
                    file.name(),
                    file.blob().size(),
                    new TreeMap<>(Map.of("sha256", file.blob().sha256()))));
        }
        return items;
    }

    @Override
    public void read(SourceSpec.Upload source, Item item, Reading reading) throws IOException, InterruptedException {
        String name = item.uri().substring(item.uri().lastIndexOf('/') + 1);
        reading.file(Reading.Known.local(item.uri(), name), store.local(new BlobRef(item.fact("sha256"), item.size())));
    }
}
