package dev.athanor.tokenizer.encoding;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.athanor.artifacts.LocalArtifactStore;
import dev.athanor.contracts.artifact.ArtifactFile;
import dev.athanor.contracts.artifact.ArtifactId;
import dev.athanor.contracts.artifact.Manifest;
import dev.athanor.contracts.json.Json;
import dev.athanor.contracts.spec.EncodeSpec;
import dev.athanor.contracts.spec.TrainTokenizerSpec;
import dev.athanor.stage.testing.StageRunner;
import dev.athanor.tokenizer.CleanCorpus;
import dev.athanor.tokenizer.vocabulary.TrainTokenizerStage;
import dev.athanor.tokenizers.Tokenizer;
import dev.athanor.tokenizers.packing.FirstFit;
import dev.athanor.tokenizers.packing.PackedSequence;
import dev.athanor.tokenizers.packing.PackingIndex;
import dev.athanor.tokenizers.packing.PairIndex;
import dev.athanor.tokenizers.shards.TokenShardReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PackedEncodeTest {

    private static final int LENGTH = 64;

    @TempDir
    Path folder;

    private LocalArtifactStore store;
    private ArtifactId documents;
    private final List<String> texts = new ArrayList<>();

    @BeforeEach
    void open() throws IOException {
        store = new LocalArtifactStore(folder.resolve("store"));
        CleanCorpus corpus = new CleanCorpus(store, folder);
        var random = new SplittableRandom(4);
        for (int s = 0; s < 3; s++) {
            List<String> shard = new ArrayList<>();
            for (int d = 0; d < 60; d++) {
                var text = new StringBuilder();
                for (int sentence = random.nextInt(1, 7); sentence > 0; sentence--) {
                    text.append("This is sentence ")
                            .append(random.nextInt(100_000))
                            .append(random.nextInt(9) == 0 ? " of 日本" : " here")
                            .append(". ");
                }
                shard.add(text.toString());
            }
            corpus.shard(shard, "en");
            texts.addAll(shard);
        }
        documents = corpus.publish();
    }

    @AfterEach
    void close() {
        store.close();
    }

    private ArtifactId tokenizer(String algorithm) throws Exception {
        return StageRunner.of(new TrainTokenizerStage(), store)
                .spec(TrainTokenizerSpec.DEFAULTS.of(algorithm, 400))
                .input("documents", documents)
                .run()
                .artifact();
    }

    /** The same bytes for one, two and three workers. */
    private Manifest encode(ArtifactId tokenizer, String packing) throws Exception {
        List<Manifest> manifests = new ArrayList<>();
        for (int workers = 1; workers <= 3; workers++) {
            var runner = StageRunner.of(new EncodeStage(), store)
                    .spec(new EncodeSpec(0.2, packing, LENGTH))
                    .input("documents", documents)
                    .input("tokenizer", tokenizer)
                    .seed(7)
                    .workers(workers);
            manifests.add(
                    (workers == 1 ? runner : runner.disturbed(workers)).run().manifest());
        }
        assertThat(manifests.get(1)).isEqualTo(manifests.get(0));
        assertThat(manifests.get(2)).isEqualTo(manifests.get(0));
        return manifests.getFirst();
    }

    private Path file(Manifest manifest, String name) throws IOException {
        return store.local(manifest.file(name));
    }

    @Test
    void firstFitPutsEveryTokenIntoOneSequence() throws Exception {
        Manifest tokens = encode(tokenizer("byte-level-bpe"), "first-fit");
        long sequences = 0;
        for (String split : List.of("train", "validation")) {
            for (ArtifactFile shardFile : tokens.filesUnder(split + "/")) {
                String name = shardFile.name().replace(".tokens", ".packing");
                PackingIndex index = PackingIndex.read(file(tokens, "packing/" + name));
                assertThat(index.capacity()).isEqualTo(LENGTH);
                try (var shard = new TokenShardReader(store.local(shardFile.blob()))) {
                    sequences += check(shard, index);
                }
            }
        }
        assertThat(tokens.counts().get("sequences.train") + tokens.counts().get("sequences.validation"))
                .isEqualTo(sequences);
        // Documents are short: without packing there would be a sequence for each.
        assertThat(sequences).isLessThan(150);
    }

    private static long check(TokenShardReader shard, PackingIndex index) {
        Set<FirstFit.Part> seen = new HashSet<>();
        long tokens = 0;
        for (List<FirstFit.Part> parts : index.sequences()) {
            PackedSequence sequence = PackedSequence.read(shard, parts, LENGTH, 0);
            int at = 0;
            for (int p = 0; p < parts.size(); p++) {
                assertThat(seen.add(parts.get(p))).isTrue();
                int[] document = shard.document(parts.get(p).document());
                for (int i = parts.get(p).from(); i < parts.get(p).to(); i++, at++) {
                    assertThat(sequence.ids()[at]).isEqualTo(document[i]);
                    assertThat(sequence.documents()[at]).isEqualTo(p);
                }
            }
            assertThat(sequence.tokens()).isEqualTo(at);
            tokens += at;
        }
        assertThat(tokens).isEqualTo(shard.tokens());
        return index.sequences().size();
    }

    @Test
    void sentencePairsFollowEachOtherOrDoNot() throws Exception {
        ArtifactId tokenizerId = tokenizer("byte-level-bpe");
        Manifest tokens = encode(tokenizerId, "sentence-pairs");
        Tokenizer tokenizer = Tokenizer.load(file(store.manifest(tokenizerId), "tokenizer.json"));
        int cls = tokenizer.tokenToId("[CLS]");
        int sep = tokenizer.tokenToId("[SEP]");
        int next = 0;
        int strangers = 0;
        for (ArtifactFile shardFile : tokens.filesUnder("train/")) {
            PairIndex index =
                    PairIndex.read(file(tokens, "packing/" + shardFile.name().replace(".tokens", ".pairs")));
            try (var shard = new TokenShardReader(store.local(shardFile.blob()))) {
                assertThat(shard.documents()).isEqualTo(index.examples().size());
                for (int e = 0; e < index.examples().size(); e++) {
                    int[] ids = shard.document(e);
                    PairIndex.Example example = index.examples().get(e);
                    assertThat(ids.length).isLessThanOrEqualTo(LENGTH);
                    assertThat(ids[0]).isEqualTo(cls);
                    assertThat(ids[example.secondStart() - 1]).isEqualTo(sep);
                    assertThat(ids[ids.length - 1]).isEqualTo(sep);
                    next += example.isNext() ? 1 : 0;
                    strangers += example.isNext() ? 0 : 1;
                    if (example.isNext() && ids.length < LENGTH) {
                        String first = decode(tokenizer, ids, 1, example.secondStart() - 1);
                        String second = decode(tokenizer, ids, example.secondStart(), ids.length - 1);
                        // Sentences are encoded one by one, so the blanks between them are gone.
                        assertThat(texts).anyMatch(t -> t.replace(". ", ".").contains(first + second));
                    }
                }
            }
        }
        assertThat(next).isPositive();
        assertThat(strangers).isPositive();
        assertThat(tokens.counts().get("pairs.train")).isEqualTo(next + strangers);
    }

    private static String decode(Tokenizer tokenizer, int[] ids, int from, int to) {
        return tokenizer.decode(java.util.Arrays.copyOfRange(ids, from, to));
    }

    @Test
    void whatTheVocabularyDoesNotKnowIsReported() throws Exception {
        Manifest tokens = encode(tokenizer("word"), "none");
        OovReport report = Json.MAPPER.readValue(Files.readString(file(tokens, "oov.json")), OovReport.class);
        assertThat(report.unknownTokens())
                .isPositive()
                .isEqualTo(tokens.counts().get("oov.unknown"));
        assertThat(report.tokens()).isGreaterThan(report.unknownTokens());
        assertThat(report.mostFrequent())
                .extracting(OovReport.Stretch::count)
                .isSortedAccordingTo((a, b) -> Long.compare(b, a));
        assertThat(report.mostFrequent().getFirst().text()).containsOnlyDigits();
        assertThat(Files.readString(file(tokens, "oov.md"))).contains("are unknown");
        Manifest lossless = encode(tokenizer("byte-level-bpe"), "none");
        OovReport none = Json.MAPPER.readValue(Files.readString(file(lossless, "oov.json")), OovReport.class);
        assertThat(none.unknownTokens() + none.byteTokens()).isZero();
        assertThat(none.mostFrequent()).isEmpty();
    }

    @Test
    void aTokenizerWithoutSeparatorsCannotMakePairs() throws Exception {
        var spec = new TrainTokenizerSpec("byte-level-bpe", 300, 2, List.of("[EOS]"), "punctuation", 64);
        ArtifactId bare = StageRunner.of(new TrainTokenizerStage(), store)
                .spec(spec)
                .input("documents", documents)
                .run()
                .artifact();
        assertThatThrownBy(() -> encode(bare, "sentence-pairs")).hasMessageContaining("[CLS]");
    }
}
