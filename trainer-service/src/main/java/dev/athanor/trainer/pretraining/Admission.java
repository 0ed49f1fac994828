package dev.athanor.trainer.pretraining;

import dev.athanor.contracts.artifact.Manifest;
import dev.athanor.contracts.error.AthanorException;
import dev.athanor.contracts.error.ErrorCode;
import dev.athanor.contracts.spec.ModelSpec;
import dev.athanor.contracts.spec.ObjectiveSpec;
import dev.athanor.contracts.spec.PretrainSpec;
import dev.athanor.lm.LanguageModel;
import dev.athanor.lm.format.ConfigJson;
import dev.athanor.lm.model.ModelConfig;
import dev.athanor.stage.api.StageContext;
import java.io.IOException;
import java.util.List;

/** What a job is refused for before a worker begins: what its specification and its inputs say of each other. */
final class Admission {

    static final String MODEL = "model";
    static final String TOKENIZER = "tokenizer";
    private static final String TOKENIZER_FILE = "tokenizer.json";

    private Admission() {}

    /** @throws AthanorException INVALID_SPEC naming the field */
    static void check(StageContext<PretrainSpec> context) throws IOException {
        PretrainSpec spec = context.spec();
        List<String> roles = Corpora.roles(context);
        var mixture = spec.mixture();
        if (!mixture.isEmpty() && !List.copyOf(mixture.keySet()).equals(roles)) {
            throw AthanorException.invalidSpec("mixture", mixture.keySet(), "a share of each of the inputs " + roles);
        }
        ObjectiveSpec objective = spec.objective();
        if (roles.size() > 1 && objective.needsEncoder()) {
            throw AthanorException.invalidSpec(
                    "objective", objective.kind(), "causal where tokens come from several inputs");
        }
        for (String role : roles) {
            PackedCorpus.check(context.input(role), objective);
        }
        int length = hasInput(context) ? checkModel(context).context() : checkSpec(spec);
        if (roles.size() == 1) {
            checkRows(context, roles.getFirst(), length);
        }
        try {
            Objectives.check(
                    objective, context.store().local(context.input(TOKENIZER).file(TOKENIZER_FILE)));
        } catch (IllegalArgumentException e) {
            throw new AthanorException(ErrorCode.INVALID_SPEC, "objective: " + e.getMessage(), e);
        }
    }

    static boolean hasInput(StageContext<?> context) {
        return context.roles().contains(MODEL);
    }

    private static int checkSpec(PretrainSpec spec) {
        if (spec.model().ofInput()) {
            throw AthanorException.invalidSpec("model.style", "input", "gpt2, llama or bert without an input model");
        }
        return spec.model().size().context();
    }

    private static ModelConfig checkModel(StageContext<PretrainSpec> context) throws IOException {
        PretrainSpec spec = context.spec();
        if (!spec.model().ofInput() && !spec.model().equals(ModelSpec.DEFAULTS)) {
            throw AthanorException.invalidSpec(
                    "model", "options of a new model", "nothing, or style input alone, beside an input model");
        }
        Manifest model = context.input(MODEL);
        ModelConfig config =
                ConfigJson.read(ConfigJson.readFile(context.store().local(model.file(LanguageModel.CONFIG_FILE))));
        boolean encoder = config.stack() == ModelConfig.Stack.ENCODER;
        if (spec.objective().needsEncoder() != encoder) {
            throw AthanorException.invalidSpec(
                    "objective",
                    spec.objective().kind(),
                    encoder
                            ? "masked, next-sentence or masked-next-sentence for the input model, an encoder"
                            : "causal for the input model, a decoder");
        }
        if (!model.file(TOKENIZER_FILE).equals(context.input(TOKENIZER).file(TOKENIZER_FILE))) {
            throw AthanorException.invalidSpec(
                    "inputs.tokenizer",
                    context.input(TOKENIZER).id(),
                    "the tokenizer of the input model: its tokenizer.json has other bytes");
        }
        return config;
    }

    private static void checkRows(StageContext<PretrainSpec> context, String role, int length) throws IOException {
        try (PackedCorpus packed = PackedCorpus.open(
                context.store(), context.input(role), context.spec().objective())) {
            if (packed != null && packed.training().length() > length) {
                throw AthanorException.invalidSpec(
                        "model.context",
                        length,
                        "at least " + packed.training().length() + ", the longest sequence that " + role
                                + " was packed into; or encode with a smaller sequenceLength");
            }
        }
    }
}
