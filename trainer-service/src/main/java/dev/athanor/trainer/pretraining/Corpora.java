package dev.athanor.trainer.pretraining;

import dev.athanor.artifacts.ArtifactStore;
import dev.athanor.artifacts.TokensTokenizer;
import dev.athanor.contracts.artifact.ArtifactFile;
import dev.athanor.contracts.artifact.Manifest;
import dev.athanor.contracts.spec.PretrainSpec;
import dev.athanor.lm.data.MixedWindows;
import dev.athanor.lm.data.ShardedTokens;
import dev.athanor.lm.train.CausalObjective;
import dev.athanor.lm.train.TrainingConfig;
import dev.athanor.stage.api.StageContext;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The token shards that a run trains on: one corpus a role {@code tokens}, {@code tokens-2}, ….
 *
 * @param training one a role
 * @param validation held-out shards of all
 * @param packed where the tokens are to be read in packed rows; null else, and where there are several corpora
 */
record Corpora(
        List<String> roles,
        List<ShardedTokens> training,
        ShardedTokens validation,
        @Nullable PackedCorpus packed) implements AutoCloseable {

    private static final String ROLE = "tokens";

    /** By name. */
    static List<String> roles(StageContext<?> context) {
        return context.roles().stream()
                .filter(role -> role.equals(ROLE) || role.startsWith(ROLE + "-"))
                .toList();
    }

    static Corpora open(StageContext<PretrainSpec> context) throws IOException {
        List<String> roles = roles(context);
        List<ShardedTokens> training = new ArrayList<>();
        List<Path> heldOut = new ArrayList<>();
        PackedCorpus packed = null;
        String tokenizer = context.input("tokenizer").file(TokensTokenizer.FILE).sha256();
        try {
            for (String role : roles) {
                Manifest tokens = context.input(role);
                var shards = new ShardedTokens(shards(context.store(), tokens, "train/"));
                training.add(shards);
                shards.requireTokenizer(tokenizer);
                heldOut.addAll(shards(context.store(), tokens, "validation/"));
            }
            // Where several are mixed the objective is causal, whose documents are kept apart in plain windows too.
            packed = roles.size() > 1
                    ? null
                    : PackedCorpus.open(
                            context.store(),
                            context.input(roles.getFirst()),
                            context.spec().objective());
            return new Corpora(roles, List.copyOf(training), new ShardedTokens(heldOut), packed);
        } catch (IOException | RuntimeException e) {
            training.forEach(ShardedTokens::close);
            if (packed != null) {
                packed.close();
            }
            throw e;
        }
    }

    private static List<Path> shards(ArtifactStore store, Manifest tokens, String split) throws IOException {
        List<Path> paths = new ArrayList<>();
        for (ArtifactFile file : tokens.filesUnder(split)) {
            paths.add(store.local(file.blob()));
        }
        return paths;
    }

    int vocabularySize() {
        return training.stream().mapToInt(ShardedTokens::vocabularySize).max().orElse(0);
    }

    CausalObjective objective(PretrainSpec spec, int length, TrainingConfig config) {
        if (training.size() == 1) {
            return new CausalObjective(
                    training.getFirst(), length, config.seed(), validation, config.validationTokens());
        }
        double[] weights = new double[training.size()];
        for (int i = 0; i < weights.length; i++) {
            weights[i] = spec.mixture().isEmpty()
                    ? training.get(i).size()
                    : Objects.requireNonNull(spec.mixture().get(roles.get(i)));
        }
        return new CausalObjective(
                new MixedWindows(
                        training,
                        weights,
                        length,
                        config.seed(),
                        spec.objective().documentMasks()),
                validation,
                config.validationTokens());
    }

    @Override
    public void close() {
        if (packed != null) {
            packed.close();
        }
        training.forEach(ShardedTokens::close);
        validation.close();
    }
}
