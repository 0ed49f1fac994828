package dev.athanor.preprocessing.augment;

import dev.athanor.artifacts.ArtifactStore;
import dev.athanor.artifacts.shards.LabelledShardReader;
import dev.athanor.artifacts.shards.LabelledShardWriter;
import dev.athanor.contracts.artifact.ArtifactFile;
import dev.athanor.contracts.artifact.ArtifactId;
import dev.athanor.contracts.artifact.BlobRef;
import dev.athanor.contracts.document.LabelledExample;
import dev.athanor.contracts.document.LabelledSplits;
import dev.athanor.contracts.document.Split;
import dev.athanor.contracts.job.StageType;
import dev.athanor.contracts.json.Json;
import dev.athanor.contracts.spec.AugmentSpec;
import dev.athanor.contracts.spec.DecontaminationSpec;
import dev.athanor.preprocessing.classify.LinearClassifier;
import dev.athanor.preprocessing.decontaminate.BenchmarkIndex;
import dev.athanor.preprocessing.dedup.Fingerprint;
import dev.athanor.stage.api.Stage;
import dev.athanor.stage.api.StageContext;
import dev.athanor.stage.api.StageOutput;
import dev.athanor.stage.api.TaskContext;
import dev.athanor.stage.api.TaskOutput;
import dev.athanor.stage.api.TaskPlan;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * {@code preprocessing.augment-labelled}: new examples for the training split. The splits are cut first, as everyone else cuts
 * them, and written down: validation and test hold their originals and nothing else, and new examples that hold text of theirs are
 * dropped. The set is small enough for memory, as it is wherever it is trained on.
 */
public final class AugmentLabelledStage implements Stage<AugmentSpec> {

    private static final int EXAMPLES_A_TASK = 2_000;
    private static final String PART = "part.jsonl.zst";

    private record Payload(int from, int to) {}

    private final UnaryOperator<@Nullable String> environment;

    /** @param environment name of a variable to its value, or null: where the services are */
    public AugmentLabelledStage(UnaryOperator<@Nullable String> environment) {
        this.environment = environment;
    }

    @Override
    public StageType type() {
        return StageType.AUGMENT_LABELLED;
    }

    @Override
    public List<TaskPlan> plan(StageContext<AugmentSpec> context) throws IOException {
        var plan = new ArrayList<TaskPlan>();
        if (context.round() == 0) {
            new Augmentation(context.spec(), context.seed(), context.store(), environment)
                    .close(); // refuses missing services
            agreement(context);
            int examples = splits(context).train().size();
            for (int from = 0; from < examples; from += EXAMPLES_A_TASK) {
                int to = Math.min(examples, from + EXAMPLES_A_TASK);
                plan.add(new TaskPlan("augment-%05d".formatted(plan.size()), Json.tree(new Payload(from, to))));
            }
        }
        return plan;
    }

    private static LabelledSplits splits(StageContext<AugmentSpec> context) throws IOException {
        return LabelledSplits.of(LabelledShardReader.all(context.store(), context.input("examples")));
    }

    private static @Nullable LinearClassifier agreement(StageContext<AugmentSpec> context) throws IOException {
        AugmentSpec.Agreement agreement = context.spec().agreement();
        return agreement == null ? null : LinearClassifier.load(context.store(), agreement.model());
    }

    @Override
    public TaskOutput execute(TaskContext<AugmentSpec> context) throws IOException, InterruptedException {
        Payload payload = Json.MAPPER.treeToValue(context.payload(), Payload.class);
        LabelledSplits splits = splits(context);
        BenchmarkIndex heldOut = heldOut(splits);
        LinearClassifier classifier = agreement(context);
        var made = new ArrayList<LabelledExample>();
        try (var augmentation = new Augmentation(context.spec(), context.seed(), context.store(), environment)) {
            for (int i = payload.from(); i < payload.to(); i++) {
                context.checkStop();
                LabelledExample original = splits.train().get(i);
                for (Augmentation.Row row : augmentation.rows(original.id(), original.text(), original.label())) {
                    if (!heldOut.find(row.text()).isEmpty()) {
                        augmentation.drop("held-out");
                    } else if (!agrees(context, classifier, row.text(), original.label())) {
                        augmentation.drop("label");
                    } else {
                        String id = original.id() + "~" + row.method() + "-" + row.copy();
                        made.add(new LabelledExample(id, row.text(), original.label(), Split.TRAIN));
                    }
                }
                context.progress(i + 1 - payload.from(), payload.to() - payload.from(), "examples", context.name());
            }
            return new TaskOutput(
                    List.of(new ArtifactFile(PART, shard(context.store(), made))),
                    augmentation.counts(),
                    Json.tree(Map.of()));
        }
    }

    /** Finds texts of the validation and test splits in others, changed copies too. */
    private static BenchmarkIndex heldOut(LabelledSplits splits) {
        var defaults = DecontaminationSpec.DEFAULTS;
        var spec = new DecontaminationSpec(
                List.of(new DecontaminationSpec.Benchmark("held-out", ArtifactId.ofSha256("0".repeat(64)))),
                defaults.ngram(),
                defaults.minWords(),
                defaults.fuzzyNgram(),
                defaults.fuzzyOverlap());
        var texts = new ArrayList<String>();
        splits.validation().forEach(e -> texts.add(e.text()));
        splits.test().forEach(e -> texts.add(e.text()));
        return BenchmarkIndex.of(spec, texts);
    }

    private static boolean agrees(
            StageContext<AugmentSpec> context, @Nullable LinearClassifier classifier, String text, String label) {
        AugmentSpec.Agreement agreement = context.spec().agreement();
        if (classifier == null || agreement == null) {
            return true;
        }
        int index = classifier.labels().indexOf(label);
        return index >= 0 && classifier.probabilities(text)[index] >= agreement.minProbability();
    }

    @Override
    public StageOutput merge(StageContext<AugmentSpec> context) throws IOException {
        LabelledSplits splits = splits(context);
        Set<Fingerprint> seen = new HashSet<>();
        for (Split split : Split.values()) {
            splits.part(split).forEach(e -> seen.add(Fingerprint.of(e.text())));
        }
        var counts = new TreeMap<String, Long>();
        var train = new ArrayList<>(splits.train());
        for (TaskOutput output : context.outputs()) {
            output.counts().forEach((name, count) -> counts.merge(name, count, Long::sum));
            try (var in = new LabelledShardReader(
                    context.store(), output.files().getFirst().blob())) {
                for (LabelledExample example : in) {
                    if (seen.add(Fingerprint.of(example.text()))) {
                        train.add(example);
                    } else {
                        counts.merge("augmented.dropped.duplicate", 1L, Long::sum);
                    }
                }
            }
        }
        counts.put("examples.original", (long) splits.train().size());
        counts.put("examples.augmented", (long) train.size() - splits.train().size());
        var files = new ArrayList<ArtifactFile>();
        for (Split split : Split.values()) {
            List<LabelledExample> part = split == Split.TRAIN ? train : splits.part(split);
            counts.put("examples." + split.slug(), (long) part.size());
            // A cut that was made here is written down: nobody downstream cuts augmented examples into the test split.
            var written = part.stream()
                    .map(e -> new LabelledExample(e.id(), e.text(), e.label(), split))
                    .toList();
            files.add(new ArtifactFile(split.slug() + "/shard-00000.jsonl.zst", shard(context.store(), written)));
        }
        return new StageOutput(1, files, counts, context.input("examples").licences());
    }

    private static BlobRef shard(ArtifactStore store, List<LabelledExample> examples) throws IOException {
        var bytes = new ByteArrayOutputStream();
        try (var out = new LabelledShardWriter(bytes)) {
            for (LabelledExample example : examples) {
                out.write(example);
            }
        }
        return store.put(bytes.toByteArray());
    }
}
