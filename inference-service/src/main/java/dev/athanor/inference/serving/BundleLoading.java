package dev.athanor.inference.serving;

import dev.athanor.artifacts.ArtifactFolder;
import dev.athanor.artifacts.ArtifactStore;
import dev.athanor.contracts.artifact.ArtifactId;
import dev.athanor.contracts.artifact.ArtifactKind;
import dev.athanor.contracts.artifact.Manifest;
import dev.athanor.contracts.error.AthanorException;
import dev.athanor.contracts.error.ErrorCode;
import dev.athanor.contracts.json.Json;
import dev.athanor.contracts.json.SpecReader;
import dev.athanor.inference.batching.BatchLimits;
import dev.athanor.inference.deployment.Deployments;
import dev.athanor.inference.deployment.ServedModel;
import dev.athanor.lm.Devices;
import dev.athanor.lm.TextClassifier;
import dev.athanor.lm.train.Precision;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.stream.Stream;

/** Loads deployment bundles from the artifact store, their bytes verified. */
public final class BundleLoading implements Deployments.BundleLoader {

    private final ArtifactStore store;
    private final String device;
    private final Precision precision;
    private final BatchLimits limits;
    private final ServingListener listener;

    /** @param device {@code auto}, {@code cpu}, {@code gpu}, {@code gpu1}, … */
    public BundleLoading(
            ArtifactStore store, String device, Precision precision, BatchLimits limits, ServingListener listener) {
        this.store = store;
        this.device = device;
        this.precision = precision;
        this.limits = limits;
        this.listener = listener;
    }

    @Override
    public ServedModel load(ArtifactId bundle) throws IOException {
        Manifest manifest = store.manifest(bundle);
        if (manifest.kind() != ArtifactKind.DEPLOYMENT_BUNDLE) {
            throw new AthanorException(
                    ErrorCode.INVALID_REQUEST,
                    "expected an artifact of kind deployment-bundle, but " + bundle + " is a "
                            + manifest.kind().slug());
        }
        Path folder = Files.createTempDirectory("athanor-bundle");
        try {
            ArtifactFolder.link(store, manifest, folder);
            BundleDescription description = SpecReader.read(
                    Json.MAPPER.readTree(Files.readAllBytes(folder.resolve(BundleDescription.FILE))),
                    BundleDescription.class);
            TextClassifier classifier = TextClassifier.load(folder, Devices.of(device), precision);
            if (!classifier.labels().equals(description.labels())) {
                classifier.close();
                throw new AthanorException(
                        ErrorCode.ARTIFACT_CORRUPT,
                        "the bundle says its labels are " + description.labels() + ", its model "
                                + classifier.labels());
            }
            return new BatchedClassifier(bundle.hex().substring(0, 8), classifier, limits, listener);
        } finally {
            delete(folder);
        }
    }

    static void delete(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        }
    }
}
