package dev.athanor.ingestion.source;

import dev.athanor.artifacts.ArtifactStore;
import dev.athanor.contracts.spec.SourceSpec;
import dev.athanor.stage.data.DataRoots;
import java.io.IOException;
import java.util.List;
import java.util.function.Supplier;
import software.amazon.awssdk.services.s3.S3Client;

/** All connectors. */
public final class Connectors {

    private final List<Connector<?>> all;

    /** @param agent product token by which robots.txt may name this crawler */
    public Connectors(
            DataRoots roots,
            ArtifactStore store,
            Supplier<S3Client> s3,
            Endpoints endpoints,
            Secrets secrets,
            String agent) {
        var robots = new Robots(agent);
        this.all = List.of(
                new FolderConnector(roots),
                new HttpConnector(),
                new UploadConnector(store),
                new S3Connector(s3),
                new FeedConnector(robots),
                new CrawlConnector(robots),
                new CommonCrawlConnector(endpoints),
                new GutenbergConnector(endpoints),
                new HuggingFaceConnector(endpoints, secrets),
                new KaggleConnector(endpoints, secrets),
                new ArxivConnector(endpoints),
                new PubMedConnector(endpoints),
                new NewsConnector(endpoints, secrets, robots),
                new GoogleBooksConnector(endpoints, secrets),
                new GovInfoConnector(endpoints, secrets));
    }

    /** A source together with the connector for its kind. */
    public static final class Bound<S extends SourceSpec> {

        private final Connector<S> connector;
        private final S source;

        private Bound(Connector<S> connector, S source) {
            this.connector = connector;
            this.source = source;
        }

        public S source() {
            return source;
        }

        public List<Item> seeds() throws IOException {
            return connector.seeds(source);
        }

        public long maxItems() {
            return connector.maxItems(source);
        }

        public void read(Item item, Reading reading) throws IOException, InterruptedException {
            connector.read(source, item, reading);
        }
    }

    public Bound<?> bind(SourceSpec source) {
        for (Connector<?> connector : all) {
            if (connector.spec().isInstance(source)) {
                return bind(connector, source);
            }
        }
        throw new IllegalStateException(
                "no connector is registered for " + source.getClass().getSimpleName());
    }

    private static <S extends SourceSpec> Bound<S> bind(Connector<S> connector, SourceSpec source) {
        return new Bound<>(connector, connector.spec().cast(source));
    }
}
