package dev.athanor.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.assertj.core.api.Assertions.tuple;

import dev.athanor.artifacts.LocalArtifactStore;
import dev.athanor.contracts.artifact.ArtifactFile;
import dev.athanor.contracts.artifact.ArtifactId;
import dev.athanor.contracts.artifact.ArtifactKind;
import dev.athanor.contracts.artifact.Manifest;
import dev.athanor.contracts.document.Document;
import dev.athanor.contracts.error.AthanorException;
import dev.athanor.contracts.error.ErrorCode;
import dev.athanor.contracts.error.Violation;
import dev.athanor.contracts.json.Json;
import dev.athanor.contracts.spec.EncodeSpec;
import dev.athanor.stage.testing.StageRunner;
import dev.athanor.tokenizer.encoding.EncodeStage;
import dev.athanor.tokenizers.UnencodableTextException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EncodableTest {

    private static final String WORDS = """
            {"version":"1.0","truncation":null,"padding":null,"added_tokens":[
            {"id":1,"content":"[EOS]","single_word":false,"lstrip":false,"rstrip":false,"normalized":false,"special":true}],
            "normalizer":null,"pre_tokenizer":{"type":"Whitespace"},"post_processor":null,"decoder":null,
            "model":{"type":"WordLevel","unk_token":"[UNK]","vocab":{"known":0,"[EOS]":1}}}""";

    private static final Document DOCUMENT = new Document(
            Document.idOf("test", "a", "text"),
            "text",
            "text/plain",
            "test",
            "a",
            "CC0-1.0",
            "en",
            null,
            new TreeMap<>());

    @TempDir
    Path folder;

    @Test
    void theEncodeStageNamesTheDocumentTheFieldAndTheWord() throws Exception {
        try (var store = new LocalArtifactStore(folder.resolve("store"))) {
            CleanCorpus corpus = new CleanCorpus(store, folder);
            Document document = corpus.shard(List.of("known stranger"), "en").getFirst();
            var run = StageRunner.of(new EncodeStage(), store)
                    .spec(new EncodeSpec(0.06, "none", 512))
                    .input("documents", corpus.publish())
                    .input("tokenizer", tokenizer(store))
                    .seed(5);

            AthanorException refused = catchThrowableOfType(AthanorException.class, run::run);

            assertThat(refused.code()).isEqualTo(ErrorCode.INVALID_REQUEST);
            assertThat(refused.violations())
                    .extracting(Violation::field, Violation::value)
                    .containsExactly(tuple("tokenizer.model.vocab", "stranger"));
            assertThat(refused).hasMessageContaining(document.id());
        }
    }

    @Test
    void whatIsNotTheTextsFaultIsTriedAgain() {
        assertThatThrownBy(() -> Encodable.use(DOCUMENT, d -> {
                    throw new IllegalStateException("out of handles");
                }))
                .isExactlyInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> Encodable.use(DOCUMENT, d -> {
                    throw new IOException("disk");
                }))
                .isExactlyInstanceOf(IOException.class);
        assertThatThrownBy(() -> Encodable.use(DOCUMENT, d -> {
                    throw new UnencodableTextException("model.unk_id", "x", "a token");
                }))
                .isInstanceOfSatisfying(
                        AthanorException.class,
                        e -> assertThat(e.code().retryable()).isFalse());
    }

    private static ArtifactId tokenizer(LocalArtifactStore store) throws IOException {
        return store.publish(new Manifest(
                ArtifactKind.TOKENIZER,
                1,
                List.of(new ArtifactFile("tokenizer.json", store.put(WORDS.getBytes(StandardCharsets.UTF_8)))),
                new TreeMap<>(),
                new TreeMap<>(),
                Json.tree(Map.of()),
                1,
                "test",
                List.of("CC0-1.0")));
    }
}
