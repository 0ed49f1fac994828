package dev.athanor.preprocessing.augment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.athanor.artifacts.ArtifactStore;
import dev.athanor.artifacts.LocalArtifactStore;
import dev.athanor.contracts.artifact.ArtifactFile;
import dev.athanor.contracts.artifact.ArtifactId;
import dev.athanor.contracts.artifact.ArtifactKind;
import dev.athanor.contracts.artifact.Manifest;
import dev.athanor.contracts.document.Document;
import dev.athanor.contracts.error.AthanorException;
import dev.athanor.contracts.json.Json;
import dev.athanor.preprocessing.Corpora;
import dev.athanor.tokenizers.Tokenizer;
import java.io.ByteArrayInputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EmbeddingTest {

    private static final List<String> TOKENS =
            List.of("[UNK]", "ship", "boat", "vessel", "rain", "snow", "##ing", "the", "stone", "Paris");
    private static final float[][] ROWS = {
        {0, 0, 0}, {9, 1, 1}, {8, 1, 1}, {7, 2, 1}, {1, 9, 1}, {1, 8, 1}, {9, 1, 1}, {9, 1, 1}, {1, 1, 9}, {9, 1, 1}
    };

    @TempDir
    Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"F32", "F16", "BF16"})
    void readsTheTableInEveryType(String type) throws Exception {
        byte[] file = safetensors("model.embed_tokens.weight", type);
        EmbeddingTable whole =
                EmbeddingTable.read(new ByteArrayInputStream(file), new int[] {0, 1, 2, 3, 4, 5, 6, 7, 8, 9});
        assertThat(whole.width()).isEqualTo(3);
        assertThat(whole.values()).hasSize(30);
        assertThat(java.util.Arrays.copyOfRange(whole.values(), 3, 9)).containsExactly(9, 1, 1, 8, 1, 1);
        // Only what is asked for, and nothing for a token without a row.
        assertThat(EmbeddingTable.read(new ByteArrayInputStream(file), new int[] {2, 5, 10})
                        .values())
                .containsExactly(8, 1, 1, 1, 8, 1);
    }

    @Test
    void neighboursAreWholeWordsNearestFirst() throws Exception {
        var words = NearestWords.words(tokenizer());
        assertThat(words).containsOnlyKeys("ship", "boat", "vessel", "rain", "snow", "the", "stone");
        var nearest = NearestWords.read(
                words, new ByteArrayInputStream(safetensors("transformer.wte.weight", "F32")), 2, 0.5);
        assertThat(nearest.of("Ship")).containsExactly("boat", "vessel");
        assertThat(nearest.of("rain")).containsExactly("snow");
        assertThat(nearest.of("stone")).isEmpty();
        assertThat(nearest.of("the")).isEmpty();
        assertThat(nearest.of("unknown")).isEmpty();
    }

    @Test
    void documentsAreAugmentedByAModelOfOurOwn() throws Exception {
        ArtifactStore store = new LocalArtifactStore(folder.resolve("store"));
        ArtifactId model = model(store, ArtifactKind.LANGUAGE_MODEL, safetensors("transformer.wte.weight", "BF16"));
        ArtifactId corpus =
                Corpora.clean(store, List.of(List.of(Corpora.document("a", "A Ship sailed slowly through the rain."))));
        Map<String, Object> spec = Map.of(
                "methods",
                List.of("embedding"),
                "rate",
                0.3,
                "embedding",
                Map.of("model", model.value(), "neighbours", 1, "minSimilarity", 0.5));
        Manifest augmented = Corpora.run(new AugmentDocumentsStage(variable -> null), store, spec, "documents", corpus);
        List<Document> documents = Corpora.read(store, augmented);
        assertThat(documents).hasSize(2);
        assertThat(documents.getLast().text())
                .isIn(
                        "A Boat sailed slowly through the snow.",
                        "A Boat sailed slowly through the rain.",
                        "A Ship sailed slowly through the snow.");
        assertThat(documents.getLast().metadata()).containsEntry("augmented-by", "embedding");

        ArtifactId other = model(store, ArtifactKind.TOKENIZER, new byte[0]);
        var wrong = new TreeMap<>(spec);
        wrong.put("embedding", Map.of("model", other.value(), "neighbours", 1, "minSimilarity", 0.5));
        assertThatThrownBy(() ->
                        Corpora.run(new AugmentDocumentsStage(variable -> null), store, wrong, "documents", corpus))
                .hasMessageContaining("embedding.model");
    }

    @Test
    void hostileFilesAreRefused() {
        for (byte[] bytes : List.of(
                header("{", 0),
                header("{\"x\": {}}", 0),
                header(
                        "{\"wte.weight\": {\"dtype\": \"F32\", \"shape\": [1000000, 1000000], \"data_offsets\": [0, 4]}}",
                        4),
                header("{\"wte.weight\": {\"dtype\": \"I64\", \"shape\": [1, 1], \"data_offsets\": [0, 8]}}", 8),
                header("{\"wte.weight\": {\"dtype\": \"F32\", \"shape\": [10, 1], \"data_offsets\": [0, 40]}}", 8),
                ByteBuffer.allocate(8).putLong(-1).array())) {
            assertThatThrownBy(() -> EmbeddingTable.read(new ByteArrayInputStream(bytes), new int[] {0, 9}))
                    .isInstanceOf(AthanorException.class)
                    .hasMessageContaining("embedding.model");
        }
    }

    private static Tokenizer tokenizer() {
        return Tokenizer.fromJson(tokenizerJson());
    }

    private static String tokenizerJson() {
        var vocabulary = new TreeMap<String, Integer>();
        TOKENS.forEach(token -> vocabulary.put(token, vocabulary.size()));
        for (int i = 0; i < TOKENS.size(); i++) {
            vocabulary.put(TOKENS.get(i), i);
        }
        return new String(
                Json.canonicalBytes(Map.of(
                        "version",
                        "1.0",
                        "added_tokens",
                        List.of(),
                        "pre_tokenizer",
                        Map.of("type", "Whitespace"),
                        "model",
                        Map.of("type", "WordLevel", "vocab", vocabulary, "unk_token", "[UNK]"))),
                StandardCharsets.UTF_8);
    }

    private static ArtifactId model(ArtifactStore store, ArtifactKind kind, byte[] weights) throws Exception {
        return store.publish(new Manifest(
                kind,
                1,
                List.of(
                        new ArtifactFile("model.safetensors", store.put(weights)),
                        new ArtifactFile(
                                "tokenizer.json", store.put(tokenizerJson().getBytes(StandardCharsets.UTF_8)))),
                new TreeMap<>(),
                new TreeMap<>(),
                Json.tree(Map.of()),
                1,
                "test",
                List.of()));
    }

    private static byte[] header(String json, int data) {
        byte[] utf8 = json.getBytes(StandardCharsets.UTF_8);
        return ByteBuffer.allocate(8 + utf8.length + data)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(utf8.length)
                .put(utf8)
                .array();
    }

    /** A file with another tensor before the table. */
    private static byte[] safetensors(String name, String type) {
        int size = type.equals("F32") ? 4 : 2;
        byte[] file = header(
                "{\"__metadata__\": {\"format\": \"pt\"}, \"first\": {\"dtype\": \"F32\", \"shape\": [2], \"data_offsets\": [0, 8]}, \""
                        + name + "\": {\"dtype\": \"" + type + "\", \"shape\": [10, 3], \"data_offsets\": [8, "
                        + (8 + 30 * size) + "]}}",
                8 + 30 * size);
        ByteBuffer data = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN).position(file.length - 30 * size);
        for (float[] row : ROWS) {
            for (float value : row) {
                switch (type) {
                    case "F32" -> data.putFloat(value);
                    case "F16" -> data.putShort(Float.floatToFloat16(value));
                    default -> data.putShort((short) (Float.floatToIntBits(value) >>> 16));
                }
            }
        }
        return file;
    }
}
