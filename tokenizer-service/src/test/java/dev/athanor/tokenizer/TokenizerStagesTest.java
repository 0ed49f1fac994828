package dev.athanor.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import dev.athanor.artifacts.LocalArtifactStore;
import dev.athanor.contracts.artifact.ArtifactFile;
import dev.athanor.contracts.artifact.ArtifactId;
import dev.athanor.contracts.artifact.ArtifactKind;
import dev.athanor.contracts.artifact.Manifest;
import dev.athanor.contracts.error.AthanorException;
import dev.athanor.contracts.spec.EncodeSpec;
import dev.athanor.contracts.spec.TrainTokenizerSpec;
import dev.athanor.stage.testing.StageRunner;
import dev.athanor.tokenizer.encoding.EncodeStage;
import dev.athanor.tokenizer.vocabulary.TrainTokenizerStage;
import dev.athanor.tokenizers.Tokenizer;
import dev.athanor.tokenizers.shards.TokenShardReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TokenizerStagesTest {

    private static final List<String> SYLLABLES =
            List.of("ka", "lo", "mi", "ren", "tas", "über", "ça", "zo", "ing", "th", "日本", "🙂", "er", "st");
    private static final TrainTokenizerSpec TRAINING = new TrainTokenizerSpec(
            "byte-level-bpe",
            400,
            2,
            List.of("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "[BOS]", "[EOS]"),
            "punctuation",
            256);

    @TempDir
    Path folder;

    private LocalArtifactStore store;
    private final Map<String, String> texts = new HashMap<>();

    @BeforeEach
    void open() throws IOException {
        store = new LocalArtifactStore(folder.resolve("store"));
    }

    @AfterEach
    void close() {
        store.close();
    }

    @Test
    void anyNumberOfWorkersKillsAndRetriesGiveTheSameArtifacts() throws Exception {
        ArtifactId documents = documents(6, 40);
        ArtifactId tokenizer = train(documents, 1, null);
        assertThat(train(documents, 3, 11L)).isEqualTo(tokenizer);
        ArtifactId tokens = encode(documents, tokenizer, 1, null);
        assertThat(encode(documents, tokenizer, 3, 12L)).isEqualTo(tokens);
    }

    @Test
    void aTinyMemoryLeavesOutTheRarestWordsForAnyNumberOfWorkers() throws Exception {
        var random = new SplittableRandom(8);
        List<List<String>> shards = new ArrayList<>();
        for (int s = 0; s < 4; s++) {
            var text = new StringBuilder();
            for (int w = 0; w < 20_000; w++) {
                text.append(Integer.toString((int) Math.exp(random.nextDouble() * 11), 36))
                        .append(' ');
            }
            shards.add(List.of(text.toString(), text.reverse().toString()));
        }
        ArtifactId documents = publish(shards);
        var small = new TrainTokenizerSpec("byte-level-bpe", 400, 2, TRAINING.specialTokens(), "punctuation", 1);
        var runner = StageRunner.of(new TrainTokenizerStage(), store)
                .spec(small)
                .input("documents", documents)
                .seed(5);
        Manifest one = runner.run().manifest();
        assertThat(one.counts().get("words.trained"))
                .isPositive()
                .isLessThan(one.counts().get("words.distinct"));
        assertThat(runner.workers(3).disturbed(4).run().manifest()).isEqualTo(one);
    }

    @Test
    void theTokenizerIsReadByTheHuggingFaceLibraryWithEqualIds() throws Exception {
        ArtifactId tokenizer = train(documents(2, 60), 1, null);
        Path json = store.local(store.manifest(tokenizer).file("tokenizer.json"));
        Tokenizer ours = Tokenizer.load(json);
        assertThat(ours.vocabSize()).isEqualTo(400);
        try (var theirs = HuggingFaceTokenizer.newInstance(json)) {
            for (String text : texts.values()) {
                long[] expected = theirs.encode(text, false, false).getIds();
                assertThat(ours.encodeIds(text))
                        .containsExactly(java.util.Arrays.stream(expected)
                                .mapToInt(Math::toIntExact)
                                .toArray());
            }
        }
    }

    @Test
    void everyDocumentIsInOneSplitWholeAndEndsWithTheEndToken() throws Exception {
        ArtifactId documents = documents(4, 60);
        ArtifactId tokenizerId = train(documents, 1, null);
        Tokenizer tokenizer =
                Tokenizer.load(store.local(store.manifest(tokenizerId).file("tokenizer.json")));
        Manifest tokens = store.manifest(encode(documents, tokenizerId, 2, null));
        Map<String, Integer> decoded = new TreeMap<>();
        for (String split : List.of("train/", "validation/")) {
            assertThat(tokens.filesUnder(split)).isNotEmpty();
            for (ArtifactFile file : tokens.filesUnder(split)) {
                try (var reader = new TokenShardReader(store.local(file.blob()))) {
                    for (int i = 0; i < reader.documents(); i++) {
                        int[] ids = reader.document(i);
                        assertThat(tokenizer.idToToken(ids[ids.length - 1])).isEqualTo("[EOS]");
                        decoded.merge(tokenizer.decode(ids, true), 1, Integer::sum);
                    }
                }
            }
        }
        var expected = new TreeMap<String, Integer>();
        texts.values().forEach(text -> expected.merge(text, 1, Integer::sum));
        assertThat(decoded).isEqualTo(expected);
        assertThat(tokens.counts().get("documents")).isEqualTo(240);
    }

    @Test
    void fewDocumentsGiveTheirTails() throws Exception {
        ArtifactId documents = documents(1, 5);
        Manifest tokens = store.manifest(encode(documents, train(documents, 1, null), 1, null));
        long train = tokens.counts().get("tokens.train");
        long validation = tokens.counts().get("tokens.validation");
        assertThat((double) validation / (train + validation)).isBetween(0.03, 0.1);
    }

    @Test
    void anAlgorithmThatIsNotThereIsNamed() throws Exception {
        ArtifactId documents = documents(1, 2);
        assertThatThrownBy(() -> TRAINING.of("magic", 400))
                .isInstanceOf(AthanorException.class)
                .hasMessageContaining("algorithm")
                .hasMessageContaining("magic");
        assertThat(store.manifest(documents).kind()).isEqualTo(ArtifactKind.CLEAN_DOCUMENTS);
    }

    private ArtifactId train(ArtifactId documents, int workers, Long disturbance) throws Exception {
        var runner = StageRunner.of(new TrainTokenizerStage(), store)
                .spec(TRAINING)
                .input("documents", documents)
                .seed(5)
                .workers(workers);
        return (disturbance == null ? runner : runner.disturbed(disturbance))
                .run()
                .artifact();
    }

    private ArtifactId encode(ArtifactId documents, ArtifactId tokenizer, int workers, Long disturbance)
            throws Exception {
        var runner = StageRunner.of(new EncodeStage(), store)
                .spec(new EncodeSpec(0.06, "none", 512))
                .input("documents", documents)
                .input("tokenizer", tokenizer)
                .seed(5)
                .workers(workers);
        return (disturbance == null ? runner : runner.disturbed(disturbance))
                .run()
                .artifact();
    }

    private ArtifactId documents(int shards, int perShard) throws IOException {
        var random = new SplittableRandom(3);
        List<List<String>> all = new ArrayList<>();
        for (int s = 0; s < shards; s++) {
            List<String> shard = new ArrayList<>();
            for (int d = 0; d < perShard; d++) {
                var text = new StringBuilder("document " + s + " " + d);
                for (int w = 0; w < 60; w++) {
                    text.append(w % 9 == 0 ? "\n" : " ");
                    for (int k = random.nextInt(1, 4); k > 0; k--) {
                        text.append(SYLLABLES.get(random.nextInt(SYLLABLES.size())));
                    }
                }
                shard.add(text.toString());
            }
            all.add(shard);
        }
        return publish(all);
    }

    private ArtifactId publish(List<List<String>> shards) throws IOException {
        CleanCorpus corpus = new CleanCorpus(store, folder);
        for (List<String> shard : shards) {
            corpus.shard(shard, "en").forEach(document -> texts.put(document.id(), document.text()));
        }
        return corpus.publish();
    }
}
