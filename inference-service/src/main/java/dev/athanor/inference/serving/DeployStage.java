package dev.athanor.inference.serving;

import dev.athanor.artifacts.ArtifactFolder;
import dev.athanor.contracts.artifact.ArtifactFile;
import dev.athanor.contracts.artifact.ArtifactId;
import dev.athanor.contracts.artifact.Manifest;
import dev.athanor.contracts.error.AthanorException;
import dev.athanor.contracts.error.ErrorCode;
import dev.athanor.contracts.job.StageType;
import dev.athanor.contracts.json.Json;
import dev.athanor.contracts.spec.DeploySpec;
import dev.athanor.lm.Devices;
import dev.athanor.lm.LanguageModel;
import dev.athanor.lm.TextClassifier;
import dev.athanor.lm.train.Precision;
import dev.athanor.stage.api.Stage;
import dev.athanor.stage.api.StageContext;
import dev.athanor.stage.api.StageOutput;
import dev.athanor.stage.api.TaskContext;
import dev.athanor.stage.api.TaskOutput;
import dev.athanor.stage.api.TaskPlan;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * {@code inference.deploy}: loads a classifier, tries it once, and makes the bundle that inference services load. The files
 * of the model are the classifier's own, so nothing is copied.
 */
public final class DeployStage implements Stage<DeploySpec> {

    /** Short, ordinary and beyond any vocabulary; and nothing at all. */
    private static final List<String> TRIALS = List.of("It was good, but not great.", "好き 🙂 \u0000", "");

    @Override
    public StageType type() {
        return StageType.DEPLOY;
    }

    @Override
    public List<TaskPlan> plan(StageContext<DeploySpec> context) {
        return context.round() == 0 ? List.of(new TaskPlan("bundle", Json.tree(Map.of()))) : List.of();
    }

    @Override
    public TaskOutput execute(TaskContext<DeploySpec> context) throws IOException {
        Manifest input = context.input("classifier");
        Path folder =
                ArtifactFolder.link(context.store(), input, context.workFolder().resolve("classifier"));
        BundleDescription description;
        try (TextClassifier classifier = TextClassifier.load(folder, Devices.of("auto"), Precision.FP32)) {
            check(classifier.predict(TRIALS), classifier.labels());
            description = new BundleDescription(
                    BundleDescription.SCHEMA_VERSION,
                    classifier.labels(),
                    classifier.model().maxTokens(),
                    lineage(input));
        }
        List<ArtifactFile> files = new ArrayList<>();
        for (String name :
                List.of(LanguageModel.CONFIG_FILE, LanguageModel.WEIGHTS_FILE, TextClassifier.TOKENIZER_FILE)) {
            files.add(new ArtifactFile(name, input.file(name)));
        }
        files.add(new ArtifactFile(BundleDescription.FILE, context.store().put(Json.canonicalBytes(description))));
        return new TaskOutput(
                files,
                new TreeMap<>(Map.of("labels", (long) description.labels().size())),
                Json.tree(Map.of()));
    }

    private static TreeMap<String, ArtifactId> lineage(Manifest classifier) {
        var lineage = new TreeMap<>(classifier.inputs());
        lineage.put("classifier", classifier.id());
        return lineage;
    }

    private static void check(float[][] probabilities, List<String> labels) {
        for (int i = 0; i < probabilities.length; i++) {
            double sum = 0;
            boolean sound = probabilities[i].length == labels.size();
            for (float p : probabilities[i]) {
                sum += p;
                sound &= p >= 0 && p <= 1;
            }
            if (!sound || Math.abs(sum - 1) > 1e-3) {
                throw new AthanorException(
                        ErrorCode.POLICY_VIOLATION,
                        "classifier: expected probabilities of " + labels.size() + " labels that add up to 1 for '"
                                + TRIALS.get(i) + "', got " + java.util.Arrays.toString(probabilities[i]));
            }
        }
    }

    @Override
    public StageOutput merge(StageContext<DeploySpec> context) {
        TaskOutput only = context.outputs().getFirst();
        return new StageOutput(
                1, only.files(), only.counts(), context.input("classifier").licences());
    }
}
