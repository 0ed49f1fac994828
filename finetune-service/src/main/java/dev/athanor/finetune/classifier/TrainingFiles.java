package dev.athanor.finetune.classifier;

import dev.athanor.artifacts.Scratch;
import dev.athanor.contracts.error.AthanorException;
import dev.athanor.contracts.error.ErrorCode;
import dev.athanor.contracts.json.Json;
import dev.athanor.lm.LanguageModel;
import dev.athanor.lm.SequenceClassifier;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.OptionalInt;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What fine-tuning keeps in scratch to survive its worker: the number of steps it settled on, after each epoch the whole state
 * of training, and the classifier of the best epoch. {@code history.json} is put last and names the epoch whose files are
 * complete; files of an epoch have the same bytes whoever writes them, so attempts that overlap do no harm.
 */
final class TrainingFiles {

    private static final Logger LOG = LoggerFactory.getLogger(TrainingFiles.class);
    private static final String PLAN = "plan.json";
    private static final String HISTORY = "history.json";
    private static final String STATES = "state-";
    private static final String BEST = "best-";
    private static final String TRIAL = "trial.safetensors";

    private final Scratch scratch;
    private final Path workFolder;
    private int files;

    private record Plan(int steps) {}

    TrainingFiles(Scratch scratch, Path workFolder) {
        this.scratch = scratch;
        this.workFolder = workFolder;
    }

    OptionalInt plannedSteps() throws IOException {
        return scratch.list(PLAN).contains(PLAN)
                ? OptionalInt.of(read(PLAN, Plan.class).steps())
                : OptionalInt.empty();
    }

    void putPlannedSteps(int steps) throws IOException {
        put(PLAN, Json.canonicalBytes(new Plan(steps)));
    }

    /**
     * Brings the classifier to the end of the last complete epoch of an earlier attempt.
     *
     * @return the history up to there, or {@code fresh} where there is nothing to go on from
     */
    History resume(SequenceClassifier classifier, History fresh) throws IOException {
        if (!scratch.list(HISTORY).contains(HISTORY)) {
            return fresh;
        }
        History history = read(HISTORY, History.class);
        try {
            fetchBest(history, LanguageModel.WEIGHTS_FILE);
            classifier.loadTraining(fetch(state(history.epochs().size())));
            return history;
        } catch (AthanorException e) {
            if (e.code() != ErrorCode.NOT_FOUND) {
                throw e;
            }
            LOG.warn("starting over, because the last epoch's state is gone: {}", e.getMessage());
            return fresh;
        }
    }

    void putEpoch(SequenceClassifier classifier, History history) throws IOException {
        int epoch = history.epochs().size();
        if (history.best() == epoch) {
            Path folder = fresh();
            classifier.save(folder);
            for (String name : List.of(LanguageModel.CONFIG_FILE, LanguageModel.WEIGHTS_FILE)) {
                scratch.put(best(history, name), folder.resolve(name));
            }
        }
        Path state = fresh();
        classifier.saveTraining(state);
        scratch.put(state(epoch), state);
        put(HISTORY, Json.canonicalBytes(history));
        deleteBefore(STATES, state(epoch));
        deleteBefore(BEST, best(history, ""));
    }

    /** Puts the state of a classifier that has been trained and deletes it, for the seconds that the end of an epoch takes. */
    double trial(SequenceClassifier classifier) throws IOException {
        long start = System.nanoTime();
        Path state = fresh();
        classifier.saveTraining(state);
        scratch.put(TRIAL, state);
        scratch.delete(TRIAL);
        // The weights are a third of it, and are put once more where the epoch is the best so far.
        return (System.nanoTime() - start) * 1e-9 * 4 / 3;
    }

    /** The best epoch's {@code config.json} or {@code model.safetensors}. */
    Path fetchBest(History history, String name) throws IOException {
        return fetch(best(history, name));
    }

    private static String state(int epoch) {
        return String.format(Locale.ROOT, "%s%05d.safetensors", STATES, epoch);
    }

    private static String best(History history, String name) {
        return String.format(Locale.ROOT, "%s%05d/%s", BEST, history.best(), name);
    }

    /** Those of earlier epochs only: another attempt may be further on. */
    private void deleteBefore(String prefix, String kept) throws IOException {
        for (String name : scratch.list(prefix)) {
            if (name.compareTo(kept) < 0) {
                scratch.delete(name);
            }
        }
    }

    private <T> T read(String name, Class<T> type) throws IOException {
        return Json.MAPPER.readValue(Files.readAllBytes(fetch(name)), type);
    }

    private Path fetch(String name) throws IOException {
        Path file = fresh();
        scratch.get(name, file);
        return file;
    }

    private void put(String name, byte[] bytes) throws IOException {
        scratch.put(name, Files.write(fresh(), bytes));
    }

    private Path fresh() {
        return workFolder.resolve("file-" + files++);
    }
}
