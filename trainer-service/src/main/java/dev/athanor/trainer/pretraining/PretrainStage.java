package dev.athanor.trainer.pretraining;

import ai.djl.Device;
import dev.athanor.artifacts.ArtifactFolder;
import dev.athanor.artifacts.TokensTokenizer;
import dev.athanor.artifacts.ledger.LedgerCheck;
import dev.athanor.contracts.artifact.ArtifactFile;
import dev.athanor.contracts.error.AthanorException;
import dev.athanor.contracts.error.ErrorCode;
import dev.athanor.contracts.job.StageType;
import dev.athanor.contracts.json.Json;
import dev.athanor.contracts.spec.PretrainSpec;
import dev.athanor.libtorch.Rendezvous;
import dev.athanor.lm.Devices;
import dev.athanor.lm.LanguageModel;
import dev.athanor.lm.train.DataParallel;
import dev.athanor.lm.train.Objective;
import dev.athanor.lm.train.PeerLostException;
import dev.athanor.lm.train.PeerStoppedException;
import dev.athanor.lm.train.Pretraining;
import dev.athanor.lm.train.TrainingConfig;
import dev.athanor.lm.train.TrainingListener;
import dev.athanor.stage.api.Stage;
import dev.athanor.stage.api.StageContext;
import dev.athanor.stage.api.StageOutput;
import dev.athanor.stage.api.TaskContext;
import dev.athanor.stage.api.TaskOutput;
import dev.athanor.stage.api.TaskPlan;
import dev.athanor.trainer.group.GenerationEndedException;
import dev.athanor.trainer.group.Membership;
import dev.athanor.trainer.group.SampleSpace;
import dev.athanor.trainer.group.TrainingGroups;
import dev.athanor.trainer.models.ModelFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Token shards to a trained language model, a new one or one that is the stage's input. The tasks are the workers that train together: each finds the others through
 * {@link TrainingGroups}, and all go on from the checkpoints of those before. With one worker the bytes are the same for any number of
 * attempts; with several they differ by rounding where the number of those present changed.
 */
public final class PretrainStage implements Stage<PretrainSpec> {

    private static final Logger LOG = LoggerFactory.getLogger(PretrainStage.class);
    private static final String TOKENIZER = TokensTokenizer.FILE;
    private static final String MODEL_FOLDER = "model";
    /** Groups that may fail one after another without a step. */
    private static final int MOST_FRUITLESS = 10;

    private static final TaskOutput NOTHING = new TaskOutput(List.of(), new TreeMap<>(), Json.tree(Map.of()));

    private final TrainingListener meters;
    private final TrainingGroups groups;

    /** @param meters is told of every step and validation, of all jobs */
    public PretrainStage(TrainingListener meters, TrainingGroups groups) {
        this.meters = meters;
        this.groups = groups;
    }

    @Override
    public StageType type() {
        return StageType.PRETRAIN;
    }

    @Override
    public List<TaskPlan> plan(StageContext<PretrainSpec> context) throws IOException {
        if (context.round() > 0) {
            return List.of();
        }
        for (String role : Corpora.roles(context)) {
            LedgerCheck.require(
                    context.store(),
                    context.input(role).id(),
                    "policy",
                    context.spec().policy());
            TokensTokenizer.require(
                    context.store(), role, context.input(role), "tokenizer", context.input("tokenizer"));
        }
        Admission.check(context);
        return IntStream.range(0, context.spec().workers())
                .mapToObj(slot -> new TaskPlan("worker-" + slot, Json.tree(Map.of("slot", slot))))
                .toList();
    }

    @Override
    public TaskOutput execute(TaskContext<PretrainSpec> context) throws IOException, InterruptedException {
        try (Corpora corpora = asSpecified(() -> Corpora.open(context))) {
            return execute(context, corpora);
        }
    }

    /** Makes something of the specification and the inputs. */
    private interface Making<T> {
        T make() throws IOException;
    }

    private static <T> T asSpecified(Making<T> making) throws IOException {
        try {
            return making.make();
        } catch (IllegalArgumentException | ArithmeticException e) {
            throw new AthanorException(ErrorCode.INVALID_SPEC, "training cannot begin: " + e.getMessage(), e);
        }
    }

    private TaskOutput execute(TaskContext<PretrainSpec> context, Corpora corpora)
            throws IOException, InterruptedException {
        PretrainSpec spec = context.spec();
        int slot = context.payload().path("slot").asInt();
        int fruitless = 0;
        while (true) {
            // The model comes first: those who are in a group can meet at once.
            try (LanguageModel model = asSpecified(() -> model(context, corpora.vocabularySize()));
                    Membership member =
                            groups.join(context.run(), slot, context.fencing(), spec.workers(), context::checkStop)) {
                if (member.finished()) {
                    return NOTHING;
                }
                var report = new TaskReport(context, meters, member);
                try {
                    return train(context, corpora, model, member, report);
                } catch (PeerLostException | PeerStoppedException | GenerationEndedException e) {
                    LOG.info("{}: generation {} ends: {}", context.run().key(), member.generation(), e.getMessage());
                } catch (InterruptedException e) {
                    context.checkStop();
                    if (!member.regroupWanted()) {
                        throw e;
                    }
                    LOG.info(
                            "{}: generation {} ends: a worker has come or gone",
                            context.run().key(),
                            member.generation());
                }
                fruitless = report.steps() > 0 ? 0 : fruitless + 1;
            }
            if (fruitless == MOST_FRUITLESS) {
                throw new AthanorException(
                        ErrorCode.TASK_FAILED,
                        fruitless
                                + " groups of workers failed without a step: can they reach each other? See athanor.trainer.host");
            }
        }
    }

    private static TaskOutput train(
            TaskContext<PretrainSpec> context,
            Corpora corpora,
            LanguageModel model,
            Membership member,
            TaskReport report)
            throws IOException, InterruptedException {
        PretrainSpec spec = context.spec();
        try (DataParallel team = team(spec, member)) {
            member.onLoss(team::abort);
            TrainingConfig config = asSpecified(() -> PretrainConfigs.training(spec, context.seed()));
            Objective objective = asSpecified(() -> objective(
                    corpora,
                    spec,
                    context.store().local(context.input("tokenizer").file(TOKENIZER)),
                    model.config().context(),
                    config));
            var samples = new SampleSpace(spec.batchSize(), objective.samples());
            Pretraining.Result result = new Pretraining(
                            model,
                            config,
                            objective,
                            new ScratchCheckpoints(context.sharedScratch()),
                            context.workFolder())
                    .keeping(PretrainConfigs.checkpoints(spec.checkpoints()))
                    .together(team)
                    .accountingTo(member.ledger(samples))
                    .run(report);
            member.part();
            if (member.rank() > 0) {
                return NOTHING;
            }
            var counts = new TreeMap<String, Long>();
            counts.put("parameters", model.parameterCount());
            counts.put("steps", result.steps());
            counts.put("tokens.trained", result.tokens());
            counts.put("steps.handed-in", result.handedInStep());
            counts.put("batches.skipped", (long) result.skippedBatches());
            List<ArtifactFile> files = files(context, model);
            Path events = report.events().write(result.steps());
            files.add(new ArtifactFile(
                    events.getFileName().toString(), context.store().put(events)));
            member.finish();
            return new TaskOutput(files, counts, Json.tree(Map.of("loss", result.lossAverage())));
        } catch (ArithmeticException e) {
            throw new AthanorException(ErrorCode.TRAINING_DIVERGED, String.valueOf(e.getMessage()), e);
        }
    }

    private static Objective objective(
            Corpora corpora, PretrainSpec spec, Path tokenizer, int length, TrainingConfig config) throws IOException {
        if (corpora.training().size() > 1) {
            return corpora.objective(spec, length, config);
        }
        PackedCorpus packed = corpora.packed();
        return packed != null
                ? Objectives.of(
                        spec.objective(),
                        tokenizer,
                        length,
                        config.seed(),
                        packed,
                        corpora.validation(),
                        config.validationTokens())
                : Objectives.of(
                        spec.objective(),
                        tokenizer,
                        length,
                        config.seed(),
                        corpora.training().getFirst(),
                        corpora.validation(),
                        config.validationTokens());
    }

    private static DataParallel team(PretrainSpec spec, Membership member) {
        if (member.size() == 1) {
            return DataParallel.ALONE;
        }
        Membership.Place place = member.place();
        return DataParallel.join(
                Devices.of(spec.device()),
                new Rendezvous(
                        place.address().getHostString(),
                        place.address().getPort(),
                        member.rank(),
                        member.size(),
                        place.meeting(),
                        place.operation()));
    }

    /** A new one, or that of the input with the heads that the objective needs. */
    private static LanguageModel model(TaskContext<PretrainSpec> context, int vocabularySize) throws IOException {
        PretrainSpec spec = context.spec();
        Device device = Devices.of(spec.device());
        if (!Admission.hasInput(context)) {
            return LanguageModel.create(PretrainConfigs.model(spec, vocabularySize), context.seed(), device);
        }
        Path folder = context.workFolder().resolve("input");
        if (!Files.exists(folder)) {
            ArtifactFolder.link(context.store(), context.input(Admission.MODEL), folder);
        }
        LanguageModel model = LanguageModel.load(
                folder, config -> PretrainConfigs.forObjective(config, spec.objective()), context.seed(), device);
        if (model.config().vocabularySize() < vocabularySize) {
            int own = model.config().vocabularySize();
            model.close();
            throw new IllegalArgumentException(
                    "the tokens have ids below " + vocabularySize + ", the input model has a vocabulary of " + own);
        }
        return model;
    }

    private static List<ArtifactFile> files(TaskContext<PretrainSpec> context, LanguageModel model) throws IOException {
        return ModelFiles.store(
                context.store(),
                context.workFolder().resolve(MODEL_FOLDER),
                model,
                Admission.hasInput(context) ? model.specialIds() : null,
                context.input("tokenizer").file(TOKENIZER));
    }

    @Override
    public StageOutput merge(StageContext<PretrainSpec> context) {
        TaskOutput trained = context.outputs().stream()
                .filter(output -> !output.files().isEmpty())
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("no worker has handed in the model"));
        return new StageOutput(1, trained.files(), trained.counts(), licences(context));
    }

    private static List<String> licences(StageContext<PretrainSpec> context) {
        Stream<String> model = Admission.hasInput(context) ? Stream.of(Admission.MODEL) : Stream.empty();
        return Stream.concat(model, Corpora.roles(context).stream())
                .flatMap(role -> context.input(role).licences().stream())
                .distinct()
                .toList();
    }
}
