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
import dev.athanor.tokenizers.AddedToken;
import dev.athanor.tokenizers.Encoding;
import dev.athanor.tokenizers.IntList;
import dev.athanor.tokenizers.Tokenizer;
import dev.athanor.tokenizers.TokenizerSpec;
import dev.athanor.tokenizers.Vocabulary;
import dev.athanor.tokenizers.decoders.ByteLevelDecoder;
import dev.athanor.tokenizers.models.Bpe;
import dev.athanor.tokenizers.pretokenizers.ByteLevel;
import dev.athanor.tokenizers.training.BpeTrainer;
import dev.athanor.tokenizers.training.TrainerOptions;
import dev.athanor.tokenizers.training.WordCounts;
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

    /** Byte-level BPE with ## in its vocabulary, special tokens last, and the end token between documents, as RoBERTa's and GPT-2's. */
    @Test
    void wholeWordsOfByteLevelBpeAreThoseOfItsPreTokenizer() throws Exception {
        Path file = folder.resolve("byte-level.json");
        Tokenizer tokenizer = byteLevel();
        tokenizer.save(file);
        assertThat(tokenizer.tokenToId("##")).isNotNegative();
        int end = tokenizer.tokenToId("</s>");
        int mask = tokenizer.tokenToId("<mask>");
        var ids = new IntList();
        for (int i = 0; i < 300; i++) {
            tokenizer.encodeIds("unbelievable,\nhidden words## " + i, ids);
            ids.add(end);
        }
        PretrainSpec spec = spec("""
                {"objective": {"kind": "masked", "wholeWords": true, "maskRate": 0.3},
                 "model": {"style": "bert", "width": 32, "heads": 2, "keyValueHeads": 2, "context": 40}}
                """);
        TokenStream tokens = TokenStream.of(ids.toArray());
        Objective objective = Objectives.of(spec.objective(), file, 40, 1, tokens, tokens, 100);
        var hidden = new java.util.TreeSet<String>();
        for (int step = 0; step < 20; step++) {
            TokenBatch batch = objective.batch(step, 4);
            for (int row = 0; row < 4; row++) {
                int[] row_T = new int[40];
                for (int t = 0; t < 40; t++) {
                    int i = row * 40 + t;
                    long target = batch.targets_BT()[i];
                    boolean chosen = target != TokenBatch.IGNORED;
                    row_T[t] = (int) (chosen ? target : batch.inputs_BT()[i]);
                    assertThat(chosen && row_T[t] == end).isFalse();
                    assertThat(chosen
                                    && batch.inputs_BT()[i] != mask
                                    && tokenizer.isSpecial((int) batch.inputs_BT()[i]))
                            .as("random replacements are no special tokens")
                            .isFalse();
                }
                int first = 0;
                while (row_T[first] != end) {
                    first++;
                }
                int last = first + 1;
                while (last < 40 && row_T[last] != end) {
                    last++;
                }
                String text = tokenizer.decode(java.util.Arrays.copyOfRange(row_T, first + 1, last));
                if (last == 40) {
                    continue;
                }
                // A whole document: what is hidden of it are pieces of the pre-tokenizer, whole.
                Encoding encoding = tokenizer.encode(text, false);
                for (int t = first + 1; t < last; t++) {
                    int at = t - first - 1;
                    boolean chosen = batch.targets_BT()[row * 40 + t] != TokenBatch.IGNORED;
                    boolean continues = at > 0 && encoding.wordIds()[at] == encoding.wordIds()[at - 1];
                    if (continues) {
                        assertThat(chosen).isEqualTo(batch.targets_BT()[row * 40 + t - 1] != TokenBatch.IGNORED);
                    } else if (at > 0 && chosen != (batch.targets_BT()[row * 40 + t - 1] != TokenBatch.IGNORED)) {
                        hidden.add(encoding.tokens()[at]);
                    }
                }
            }
        }
        assertThat(hidden).as("what begins a word of its own").contains(",", "\u010a", "h", "\u0120", "##");
    }

    private static Tokenizer byteLevel() {
        var options = TrainerOptions.bpe(300).withByteAlphabet();
        Bpe letters = new BpeTrainer(options).train(new WordCounts());
        List<String> tokens = new ArrayList<>(letters.vocabulary().tokens());
        tokens.add("##");
        var bpe = new Bpe(Vocabulary.ofList(tokens), List.of(new Bpe.Merge("#", "#")), Bpe.Options.DEFAULT);
        var special =
                List.of(AddedToken.special(tokens.size(), "</s>"), AddedToken.special(tokens.size() + 1, "<mask>"));
        return Tokenizer.of(
                TokenizerSpec.of(new ByteLevel(false, true, true), bpe, new ByteLevelDecoder(true, true, true))
                        .withAddedTokens(special));
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
