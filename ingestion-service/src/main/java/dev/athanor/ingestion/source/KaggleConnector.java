package dev.athanor.ingestion.source;

import dev.athanor.contracts.spec.SourceSpec;
import dev.athanor.ingestion.format.Licences;
import dev.athanor.ingestion.http.Fetched;
import java.io.IOException;
import java.util.List;

/** Kaggle data sets: one archive a version, with the licence that the data set's page states. The archive lies elsewhere. */
final class KaggleConnector implements Connector<SourceSpec.Kaggle> {

    private final Endpoints endpoints;
    private final Secrets secrets;

    KaggleConnector(Endpoints endpoints, Secrets secrets) {
        this.endpoints = endpoints;
        this.secrets = secrets;
    }

    @Override
    public Class<SourceSpec.Kaggle> spec() {
        return SourceSpec.Kaggle.class;
    }

    @Override
    public List<Item> seeds(SourceSpec.Kaggle source) {
        return List.of(Item.of(Query.url(
                endpoints.kaggle() + "/datasets/download/" + source.dataset(),
                "datasetVersionNumber",
                Integer.toString(source.version()))));
    }

    @Override
    public void read(SourceSpec.Kaggle source, Item item, Reading reading) throws IOException, InterruptedException {
        String licence = Licences.normalize(Query.at(
                Query.json(reading.fetch(
                        endpoints.kaggle() + "/datasets/view/" + source.dataset(), secrets.basic("kaggle"))),
                "licenseName"));
        Fetched archive = reading.fetch(item.uri(), secrets.basic("kaggle"));
        reading.file(
                Reading.Known.of(archive)
                        .withUri(
                                "https://www.kaggle.com/datasets/" + source.dataset() + "/versions/" + source.version())
                        .withName("archive.zip")
                        .withLicence(licence),
                archive.file());
    }
}
