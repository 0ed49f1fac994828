package dev.athanor.preprocessing.classify;

import dev.athanor.artifacts.ArtifactStore;
import dev.athanor.artifacts.shards.LabelledShardReader;
import dev.athanor.contracts.artifact.ArtifactFile;
import dev.athanor.contracts.document.LabelledExample;
import dev.athanor.contracts.document.LabelledSplits;
import dev.athanor.contracts.job.StageType;
import dev.athanor.contracts.json.Json;
import dev.athanor.contracts.spec.TrainTextClassifierSpec;
import dev.athanor.stage.api.Stage;
import dev.athanor.stage.api.StageContext;
import dev.athanor.stage.api.StageOutput;
import dev.athanor.stage.api.TaskContext;
import dev.athanor.stage.api.TaskOutput;
import dev.athanor.stage.api.TaskPlan;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;

/**
 * {@code preprocessing.train-classifier}: one task, which passes over the training split in an order given by the seed. The test
 * split is scored once, in the end, and the scores are counts of the artifact.
 */
public final class TrainTextClassifierStage implements Stage<TrainTextClassifierSpec> {

    @Override
    public StageType type() {
        return StageType.TRAIN_TEXT_CLASSIFIER;
    }

    @Override
    public List<TaskPlan> plan(StageContext<TrainTextClassifierSpec> context) {
        return context.round() == 0 ? List.of(new TaskPlan("train", Json.tree(Map.of()))) : List.of();
    }

    @Override
    public TaskOutput execute(TaskContext<TrainTextClassifierSpec> context) throws IOException, InterruptedException {
        TrainTextClassifierSpec spec = context.spec();
        var splits = LabelledSplits.of(LabelledShardReader.all(context.store(), context.input("examples")));
        var config = new LinearClassifier.Config(splits.labels(), spec.buckets(), spec.ngram());
        var classifier = new LinearClassifier(config);
        var features = new ArrayList<int[]>();
        splits.train().forEach(example -> features.add(classifier.features(example.text())));
        int[] wanted = splits.classes(splits.train());
        int[] order = new int[wanted.length];
        for (int i = 0; i < order.length; i++) {
            order[i] = i;
        }
        var random = new SplittableRandom(context.seed());
        long steps = (long) spec.epochs() * order.length;
        long step = 0;
        for (int epoch = 0; epoch < spec.epochs(); epoch++) {
            shuffle(order, random);
            for (int example : order) {
                context.checkStop();
                double rate = spec.learningRate() * (1 - (double) step++ / steps);
                classifier.step(features.get(example), wanted[example], rate, spec.weightDecay());
                context.progress(step, steps, "examples", "epoch " + (epoch + 1));
            }
        }
        var counts = new TreeMap<String, Long>();
        counts.put("examples.train", (long) splits.train().size());
        score(classifier, splits, splits.validation(), "validation", counts);
        score(classifier, splits, splits.test(), "test", counts);
        ArtifactStore store = context.store();
        return new TaskOutput(
                List.of(
                        new ArtifactFile(LinearClassifier.MODEL, store.put(Json.canonicalBytes(config))),
                        new ArtifactFile(LinearClassifier.WEIGHTS, store.put(classifier.weightBytes()))),
                counts,
                Json.tree(Map.of()));
    }

    private static void shuffle(int[] order, SplittableRandom random) {
        for (int i = order.length - 1; i > 0; i--) {
            int other = random.nextInt(i + 1);
            int swapped = order[i];
            order[i] = order[other];
            order[other] = swapped;
        }
    }

    private static void score(
            LinearClassifier classifier,
            LabelledSplits splits,
            List<LabelledExample> examples,
            String split,
            Map<String, Long> counts) {
        int[] wanted = splits.classes(examples);
        long correct = 0;
        for (int i = 0; i < wanted.length; i++) {
            double[] probabilities = classifier.probabilities(examples.get(i).text());
            int best = 0;
            for (int label = 1; label < probabilities.length; label++) {
                best = probabilities[label] > probabilities[best] ? label : best;
            }
            correct += best == wanted[i] ? 1 : 0;
        }
        counts.put("examples." + split, (long) wanted.length);
        counts.put(split + ".correct", correct);
    }

    @Override
    public StageOutput merge(StageContext<TrainTextClassifierSpec> context) {
        TaskOutput trained = context.outputs().getFirst();
        return new StageOutput(1, trained.files(), trained.counts(), List.of());
    }
}
