package dev.athanor.inference.serving;

import dev.athanor.artifacts.ArtifactFolder;
import dev.athanor.artifacts.ArtifactStore;
import dev.athanor.contracts.artifact.ArtifactId;
import dev.athanor.contracts.artifact.ArtifactKind;
import dev.athanor.contracts.artifact.Manifest;
import dev.athanor.contracts.error.AthanorException;
import dev.athanor.contracts.error.ErrorCode;
import dev.athanor.inference.generation.LoadedGenerators;
import dev.athanor.inference.generation.TextGenerator;
import dev.athanor.lm.Devices;
import dev.athanor.lm.train.Precision;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Loads language models from the artifact store, their bytes verified. */
public final class GeneratorLoading implements LoadedGenerators.Loader {

    private final ArtifactStore store;
    private final String device;
    private final Precision precision;

    /** @param device {@code auto}, {@code cpu}, {@code gpu}, {@code gpu1}, … */
    public GeneratorLoading(ArtifactStore store, String device, Precision precision) {
        this.store = store;
        this.device = device;
        this.precision = precision;
    }

    @Override
    public TextGenerator load(ArtifactId model) throws IOException {
        Manifest manifest = store.manifest(model);
        if (manifest.kind() != ArtifactKind.LANGUAGE_MODEL) {
            throw new AthanorException(
                    ErrorCode.INVALID_REQUEST,
                    "model: expected an artifact of kind language-model, but " + model + " is a "
                            + manifest.kind().slug());
        }
        Path folder = Files.createTempDirectory("athanor-generator");
        try {
            ArtifactFolder.link(store, manifest, folder);
            return TextGenerator.load(folder, Devices.of(device), precision);
        } finally {
            BundleLoading.delete(folder);
        }
    }
}
