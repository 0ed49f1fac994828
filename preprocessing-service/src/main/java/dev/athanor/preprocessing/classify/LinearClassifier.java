package dev.athanor.preprocessing.classify;

import dev.athanor.artifacts.ArtifactStore;
import dev.athanor.contracts.artifact.ArtifactId;
import dev.athanor.contracts.artifact.ArtifactKind;
import dev.athanor.contracts.artifact.Manifest;
import dev.athanor.contracts.error.AthanorException;
import dev.athanor.contracts.json.Json;
import java.io.DataInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.FloatBuffer;
import java.util.List;

/** Multinomial logistic regression on hashed word n-grams. One thread. */
public final class LinearClassifier {

    static final String MODEL = "model.json";
    static final String WEIGHTS = "weights.bin";

    /**
     * {@code model.json}.
     *
     * @param labels sorted; a label's weights are a row of {@code weights.bin}: the features', then the bias, as big-endian
     *     32-bit floats
     */
    record Config(List<String> labels, int buckets, int ngram) {}

    private final Config config;
    private final float[][] weights;
    private final HashedFeatures features;

    LinearClassifier(Config config) {
        this.config = config;
        this.weights = new float[config.labels().size()][config.buckets() + 1];
        this.features = new HashedFeatures(config.buckets(), config.ngram());
    }

    /** @throws AthanorException INVALID_SPEC for an artifact of another kind */
    public static LinearClassifier load(ArtifactStore store, ArtifactId id) throws IOException {
        Manifest manifest = store.manifest(id);
        if (manifest.kind() != ArtifactKind.TEXT_CLASSIFIER) {
            throw AthanorException.invalidSpec(
                    "model", manifest.kind().slug(), "an artifact of kind " + ArtifactKind.TEXT_CLASSIFIER.slug());
        }
        Config config;
        try (var in = store.open(manifest.file(MODEL))) {
            config = Json.MAPPER.readValue(in.readAllBytes(), Config.class);
        }
        var classifier = new LinearClassifier(config);
        try (var in = new DataInputStream(store.open(manifest.file(WEIGHTS)))) {
            for (float[] row : classifier.weights) {
                ByteBuffer.wrap(in.readNBytes(row.length * Float.BYTES))
                        .asFloatBuffer()
                        .get(row);
            }
        }
        return classifier;
    }

    byte[] weightBytes() {
        var bytes = ByteBuffer.allocate(weights.length * (config.buckets() + 1) * Float.BYTES);
        FloatBuffer floats = bytes.asFloatBuffer();
        for (float[] row : weights) {
            floats.put(row);
        }
        return bytes.array();
    }

    public List<String> labels() {
        return config.labels();
    }

    /** Of each label, in their order. */
    public double[] probabilities(String text) {
        return probabilities(features.of(text));
    }

    int[] features(String text) {
        return features.of(text);
    }

    private double[] probabilities(int[] places) {
        double value = value(places);
        var scores = new double[weights.length];
        double most = Double.NEGATIVE_INFINITY;
        for (int label = 0; label < weights.length; label++) {
            double sum = 0;
            for (int place : places) {
                sum += weights[label][place];
            }
            scores[label] = sum * value + weights[label][config.buckets()];
            most = Math.max(most, scores[label]);
        }
        double total = 0;
        for (int label = 0; label < scores.length; label++) {
            // Strict: the same bytes come out of training on every machine.
            scores[label] = StrictMath.exp(scores[label] - most);
            total += scores[label];
        }
        for (int label = 0; label < scores.length; label++) {
            scores[label] /= total;
        }
        return scores;
    }

    /** One step of gradient descent on the log-likelihood of one example. */
    void step(int[] places, int wanted, double rate, double decay) {
        double[] probabilities = probabilities(places);
        double value = value(places);
        for (int label = 0; label < weights.length; label++) {
            double error = (label == wanted ? 1 : 0) - probabilities[label];
            float[] row = weights[label];
            for (int place : places) {
                row[place] += (float) (rate * (error * value - decay * row[place]));
            }
            row[config.buckets()] += (float) (rate * error);
        }
    }

    private static double value(int[] places) {
        return places.length == 0 ? 0 : 1 / Math.sqrt(places.length);
    }
}
