package dev.athanor.ingestion.source;

import dev.athanor.contracts.spec.SourceSpec;
import dev.athanor.ingestion.http.Web;
import java.io.IOException;
import java.util.List;

/** All connectors. */
public final class Connectors {

    private final List<Connector<?>> all;

    public Connectors(DataRoots roots, Web web) {
        this.all = List.of(new FolderConnector(roots), new HttpConnector(web));
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
