package dev.athanor.tokenizer.importing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.athanor.artifacts.LocalArtifactStore;
import dev.athanor.contracts.artifact.Manifest;
import dev.athanor.contracts.error.AthanorException;
import dev.athanor.contracts.job.StageType;
import dev.athanor.contracts.json.Json;
import dev.athanor.contracts.spec.ImportTokenizerSpec;
import dev.athanor.contracts.spec.UploadedFile;
import dev.athanor.stage.data.DataRoots;
import dev.athanor.stage.testing.StageRunner;
import dev.athanor.tokenizers.Tokenizer;
import dev.athanor.tokenizers.TokenizerSpec;
import dev.athanor.tokenizers.decoders.ByteLevelDecoder;
import dev.athanor.tokenizers.models.Bpe;
import dev.athanor.tokenizers.pretokenizers.ByteLevel;
import dev.athanor.tokenizers.sentencepiece.SentencePieceModel;
import dev.athanor.tokenizers.sentencepiece.SentencePieceModel.Kind;
import dev.athanor.tokenizers.sentencepiece.SentencePieceModel.Piece;
import dev.athanor.tokenizers.sentencepiece.SentencePieceModel.Type;
import dev.athanor.tokenizers.tiktoken.TiktokenFile;
import dev.athanor.tokenizers.training.BpeTrainer;
import dev.athanor.tokenizers.training.TrainerOptions;
import dev.athanor.tokenizers.training.WordCounter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ImportTokenizerStageTest {

    private static final String TEXT = "she sells sea shells by the sea shore, 1234 of them <|endoftext|> ends";

    @TempDir
    Path folder;

    private Path root;
    private LocalArtifactStore store;

    @BeforeEach
    void open() throws IOException {
        root = Files.createDirectory(folder.resolve("data"));
        store = new LocalArtifactStore(folder.resolve("store"));
    }

    @AfterEach
    void close() {
        store.close();
    }

    private static Tokenizer trained() {
        ByteLevel words = new ByteLevel(false, true, true);
        WordCounter counter = new WordCounter(null, words);
        counter.count(TEXT.repeat(3));
        BpeTrainer trainer = new BpeTrainer(TrainerOptions.bpe(300).withByteAlphabet());
        Bpe model = trainer.train(counter.counts());
        return Tokenizer.of(TokenizerSpec.of(words, model, new ByteLevelDecoder(true, true, true)));
    }

    private static ImportTokenizerSpec spec(String json) {
        return (ImportTokenizerSpec) StageType.IMPORT_TOKENIZER.readSpec(Json.MAPPER.readTree(json));
    }

    private Manifest run(ImportTokenizerSpec spec) throws Exception {
        var stage = new ImportTokenizerStage(new DataRoots(List.of(root)));
        return StageRunner.of(stage, store).spec(spec).run().manifest();
    }

    private Tokenizer imported(Manifest manifest) throws IOException {
        return Tokenizer.load(store.local(manifest.file("tokenizer.json")));
    }

    @Test
    void aTokenizerJsonIsKeptAsItIs() throws Exception {
        Tokenizer own = trained();
        own.save(root.resolve("own.json"));
        Manifest manifest = run(spec("{\"path\": \"own.json\", \"licence\": \"MIT\"}"));
        assertThat(imported(manifest).toJson()).isEqualTo(own.toJson());
        assertThat(manifest.counts()).containsEntry("vocabulary", (long) own.vocabSize());
        assertThat(manifest.licences()).containsExactly("MIT");
    }

    @Test
    void anUploadedSentencePieceModelGivesItsIds() throws Exception {
        List<Piece> pieces = List.of(
                new Piece("<unk>", 0, Kind.UNKNOWN),
                new Piece("</s>", 0, Kind.CONTROL),
                new Piece("▁", -2, Kind.NORMAL),
                new Piece("▁sea", -3, Kind.NORMAL),
                new Piece("s", -4, Kind.NORMAL));
        var model = new SentencePieceModel(Type.UNIGRAM, pieces, new byte[0], true, true, true, false, false, " ⁇ ");
        var upload = new UploadedFile("mine.model", store.put(model.toBytes()));
        Tokenizer tokenizer = imported(
                run(new ImportTokenizerSpec("auto", "unused", upload, "cl100k", new java.util.TreeMap<>(), null)));
        assertThat(tokenizer.encodeIds("sea seas")).containsExactly(3, 3, 4);
        assertThat(tokenizer.isSpecial(1)).isTrue();
    }

    @Test
    void aRankFileTakesItsPatternAndSpecialTokensFromTheSpecification() throws Exception {
        Tokenizer own = trained();
        Files.writeString(root.resolve("ranks.txt"), TiktokenFile.format(own));
        Tokenizer tokenizer = imported(run(spec("""
                {"format": "tiktoken", "path": "ranks.txt", "pattern": "gpt2", "specialTokens": {"<|endoftext|>": 300}}""")));
        assertThat(tokenizer.encodeIds(TEXT)).contains(300);
        String plain = TEXT.replace("<|endoftext|>", "");
        assertThat(tokenizer.encodeIds(plain)).isEqualTo(own.encodeIds(plain));
    }

    @Test
    void whatCannotBeReadIsNamed() throws Exception {
        Files.writeString(root.resolve("bad.json"), "{\"model\": {\"type\": \"Magic\"}}");
        Files.writeString(folder.resolve("outside.json"), "{}");
        Files.writeString(root.resolve("what.bin"), "?");
        assertThatThrownBy(() -> run(spec("{\"path\": \"bad.json\"}")))
                .isInstanceOf(AthanorException.class)
                .hasMessageContaining("bad.json")
                .hasMessageContaining("Magic");
        assertThatThrownBy(() -> run(spec("{\"path\": \"../outside.json\"}"))).hasMessageContaining("path");
        assertThatThrownBy(() -> run(spec("{\"path\": \"what.bin\"}"))).hasMessageContaining("does not end with");
        assertThatThrownBy(() -> spec("{\"format\": \"magic\"}")).hasMessageContaining("format");
    }
}
