package dev.athanor.trainer.pretraining;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.Device;
import dev.athanor.contracts.job.StageType;
import dev.athanor.contracts.json.Json;
import dev.athanor.contracts.spec.PretrainSpec;
import dev.athanor.lm.LanguageModel;
import dev.athanor.lm.data.TokenBatch;
import dev.athanor.lm.data.TokenStream;
import dev.athanor.lm.train.FolderCheckpoints;
import dev.athanor.lm.train.Objective;
import dev.athanor.lm.train.Pretraining;
import dev.athanor.lm.train.StepMetrics;
import dev.athanor.lm.train.TrainingConfig;
import dev.athanor.lm.train.TrainingListener;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Every objective of a job trains, with the special tokens of the job's tokenizer. */
class ObjectivesTest {

    private static final int WORDS = 8;
    /** [PAD] [UNK] [CLS] [SEP] [MASK], words, and a continuation of each. */
    private static final int VOCABULARY = 5 + 2 * WORDS;

    @TempDir
    Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"causal", "masked", "next-sentence", "masked-next-sentence"})
    void everyObjectiveLearns(String kind) throws Exception {
        String style = kind.equals("causal") ? "llama" : "bert";
        PretrainSpec spec = spec("""
                {"steps": 100, "batchSize": 16, "precision": "fp32", "device": "cpu", "learningRate": 0.005, "warmupSteps": 5,
                 "checkpointEverySteps": 0, "validateEverySteps": 0, "recompute": true, "averageDecay": 0.8,
                 "objective": {"kind": "%s"},
                 "model": {"style": "%s", "layers": 1, "heads": 2, "keyValueHeads": 2, "width": 32, "context": 19}}
                """.formatted(kind, style));
        List<Double> losses = new ArrayList<>();
        try (LanguageModel model = LanguageModel.create(PretrainConfigs.model(spec, VOCABULARY), 1, Device.cpu())) {
            TrainingConfig config = PretrainConfigs.training(spec, 1);
            Pretraining.Result result = new Pretraining(
                            model, config, objective(spec, tokenizer("[MASK]")), new FolderCheckpoints(folder), folder)
                    .run(new TrainingListener() {
                        @Override
                        public void step(StepMetrics metrics) {
                            losses.add(metrics.loss());
                        }
                    });
            assertThat(result.validationLoss()).isFinite();
            assertThat(model.config().nextSentenceHead()).isEqualTo(kind.endsWith("next-sentence"));
        }
        // Where nothing tells the sentences apart, ln 2 is the least that can be reached.
        double limit = kind.equals("next-sentence") ? 0.66 : 0.85 * losses.getFirst();
        assertThat(losses.subList(80, 100).stream()
                        .mapToDouble(d -> d)
                        .average()
                        .orElseThrow())
                .isLessThan(limit);
    }

    @Test
    void wholeWordsAreHiddenTogether() throws Exception {
        PretrainSpec spec = spec("""
                {"objective": {"kind": "masked", "wholeWords": true, "maskRate": 0.3},
                 "model": {"style": "bert", "width": 32, "heads": 2, "keyValueHeads": 2, "context": 18}}
                """);
        TokenBatch batch = objective(spec, tokenizer("[MASK]")).batch(0, 4);
        int hidden = 0;
        for (int i = 0; i < batch.targets_BT().length; i += 2) {
            boolean first = batch.targets_BT()[i] != TokenBatch.IGNORED;
            assertThat(batch.targets_BT()[i + 1] != TokenBatch.IGNORED).isEqualTo(first);
            hidden += first ? 1 : 0;
        }
        assertThat(hidden).isBetween(1, 30);
    }

    @Test
    void aTokenizerWithoutTheTokenIsRefusedWithTheReason() {
        PretrainSpec spec = spec("""
                {"objective": {"kind": "masked"},
                 "model": {"style": "bert", "width": 32, "heads": 2, "keyValueHeads": 2, "context": 18}}
                """);
        assertThatThrownBy(() -> objective(spec, tokenizer("[HIDE]")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("no token [MASK]");
    }

    private Objective objective(PretrainSpec spec, Path tokenizer) throws IOException {
        return Objectives.of(
                spec.objective(), tokenizer, spec.model().size().context(), 1, words(4000), words(300), 1000);
    }

    /** A word is two tokens; for a while all words are of one topic, so that what is from elsewhere can be told. */
    private static TokenStream words(int count) {
        var random = new Random(count);
        var ids = new int[2 * count];
        int topic = 0;
        for (int i = 0; i < count; i++) {
            topic = i % 64 == 0 ? random.nextInt(WORDS / 2) : topic;
            int word = 2 * topic + random.nextInt(2);
            ids[2 * i] = 5 + word;
            ids[2 * i + 1] = 5 + WORDS + word;
        }
        return TokenStream.of(ids);
    }

    private Path tokenizer(String mask) throws IOException {
        Map<String, Object> vocabulary = new TreeMap<>();
        List<Map<String, Object>> added = new ArrayList<>();
        for (String special : List.of("[PAD]", "[UNK]", "[CLS]", "[SEP]", mask)) {
            added.add(Map.of(
                    "id",
                    vocabulary.size(),
                    "content",
                    special,
                    "single_word",
                    false,
                    "lstrip",
                    false,
                    "rstrip",
                    false,
                    "normalized",
                    false,
                    "special",
                    true));
            vocabulary.put(special, vocabulary.size());
        }
        for (int i = 0; i < WORDS; i++) {
            vocabulary.put("w" + i, 5 + i);
            vocabulary.put("##w" + i, 5 + WORDS + i);
        }
        Map<String, Object> model = Map.of(
                "type",
                "WordPiece",
                "unk_token",
                "[UNK]",
                "continuing_subword_prefix",
                "##",
                "max_input_chars_per_word",
                100,
                "vocab",
                vocabulary);
        Path file = folder.resolve("tokenizer" + mask.length() + mask.charAt(1) + ".json");
        Files.writeString(
                file, Json.MAPPER.writeValueAsString(Map.of("version", "1.0", "added_tokens", added, "model", model)));
        return file;
    }

    private static PretrainSpec spec(String json) {
        return (PretrainSpec) StageType.PRETRAIN.readSpec(Json.MAPPER.readTree(json));
    }
}
