package dev.athanor.trainer.importing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.Device;
import dev.athanor.artifacts.ArtifactFolder;
import dev.athanor.artifacts.LocalArtifactStore;
import dev.athanor.contracts.artifact.ArtifactFile;
import dev.athanor.contracts.artifact.ArtifactId;
import dev.athanor.contracts.artifact.ArtifactKind;
import dev.athanor.contracts.artifact.Manifest;
import dev.athanor.contracts.error.AthanorException;
import dev.athanor.contracts.error.ErrorCode;
import dev.athanor.contracts.job.StageType;
import dev.athanor.contracts.json.Json;
import dev.athanor.contracts.spec.ImportModelSpec;
import dev.athanor.contracts.spec.UploadedFile;
import dev.athanor.lm.LanguageModel;
import dev.athanor.lm.format.SafetensorsFile;
import dev.athanor.lm.testing.TinyModels;
import dev.athanor.stage.data.DataRoots;
import dev.athanor.stage.testing.StageRunner;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ImportModelStageTest {

    private static final long MOST_BYTES = 1 << 20;

    @TempDir
    Path folder;

    private LocalArtifactStore store;
    private Path root;
    private Path given;

    /** A Llama in two files with their index, under a root that may be read. */
    @BeforeEach
    void open() throws IOException {
        store = new LocalArtifactStore(folder.resolve("store"));
        root = Files.createDirectory(folder.resolve("data"));
        given = Files.createDirectory(root.resolve("given"));
        Path whole = TinyModels.languageModel(folder.resolve("whole"), List.of("a text", "another text"));
        for (String name : List.of("config.json", "tokenizer.json")) {
            Files.copy(whole.resolve(name), given.resolve(name));
        }
        var index = new ArrayList<String>();
        try (SafetensorsFile file = SafetensorsFile.open(whole.resolve("model.safetensors"))) {
            for (int part = 1; part <= 2; part++) {
                String name = "model-0000" + part + "-of-00002.safetensors";
                boolean norms = part == 2;
                List<SafetensorsFile.Source> own = file.tensors().values().stream()
                        .filter(t -> t.name().contains("norm") == norms)
                        .map(t -> SafetensorsFile.Source.of(t.name(), t.type(), t.shape(), t.bytes()))
                        .toList();
                SafetensorsFile.write(given.resolve(name), own, new TreeMap<>());
                own.forEach(t -> index.add("\"" + t.name() + "\": \"" + name + "\""));
            }
        }
        Files.writeString(
                given.resolve("model.safetensors.index.json"),
                "{\"metadata\": {}, \"weight_map\": {" + String.join(", ", index) + "}}");
    }

    @AfterEach
    void close() {
        store.close();
    }

    @Test
    void aFolderBecomesALanguageModel() throws Exception {
        var result = runner(fromFolder()).run();
        Manifest manifest = result.manifest();
        assertThat(manifest.kind()).isEqualTo(ArtifactKind.LANGUAGE_MODEL);
        assertThat(manifest.licences()).containsExactly("MIT");
        assertThat(manifest.files().stream().map(ArtifactFile::name))
                .containsExactlyInAnyOrder(
                        "config.json",
                        "generation_config.json",
                        "model.safetensors",
                        "tokenizer.json",
                        "tokenizer_config.json");
        assertSameWeights(manifest);
        assertThat(store.local(manifest.file("tokenizer_config.json")))
                .content()
                .contains("PreTrainedTokenizerFast", "input_ids")
                .doesNotContain("token_type_ids");
        assertThat(runner(fromFolder()).disturbed(2).run().artifact()).isEqualTo(result.artifact());
    }

    @Test
    void uploadsGiveTheSameModel() throws Exception {
        ArtifactId byFolder = runner(fromFolder()).run().artifact();
        Manifest uploaded = runner(uploads(name -> true)).run().manifest();
        assertSameWeights(uploaded);
        for (ArtifactFile file : store.manifest(byFolder).files()) {
            assertThat(uploaded.file(file.name())).as(file.name()).isEqualTo(file.blob());
        }
    }

    @Test
    void aTokenizerMayComeFromAnArtifact() throws Exception {
        var file = new ArtifactFile("tokenizer.json", store.put(given.resolve("tokenizer.json")));
        ArtifactId tokenizer = store.publish(new Manifest(
                ArtifactKind.TOKENIZER,
                1,
                List.of(file),
                new TreeMap<>(),
                new TreeMap<>(),
                Json.tree(Map.of()),
                1,
                "test",
                List.of()));
        Manifest manifest = runner(uploads(name -> !name.startsWith("tokenizer")))
                .input("tokenizer", tokenizer)
                .run()
                .manifest();
        assertThat(manifest.file("tokenizer.json")).isEqualTo(file.blob());
    }

    @Test
    void idsOfSpecialTokensAreThoseOfTheFile() throws Exception {
        replace("config.json", "\"bos_token_id\" : null", "\"bos_token_id\" : 3");
        Manifest manifest = runner(fromFolder()).run().manifest();
        for (String name : List.of("config.json", "generation_config.json")) {
            assertThat(store.local(manifest.file(name)))
                    .content()
                    .contains("\"bos_token_id\" : 3")
                    .contains("\"eos_token_id\" : null");
        }
        Path config = given.resolve("config.json");
        Files.writeString(config, Files.readString(config).replaceAll("\"(bos|eos|pad)_token_id\" : [a-z0-9]+,", ""));
        Manifest byTokenizer = runner(fromFolder()).run().manifest();
        assertThat(store.local(byTokenizer.file("config.json")))
                .content()
                .containsPattern("\"eos_token_id\" : \\d")
                .containsPattern("\"bos_token_id\" : \\d");
        assertThat(store.local(byTokenizer.file("tokenizer_config.json")))
                .content()
                .contains("\"eos_token\" : \"[EOS]\"");
    }

    @ParameterizedTest(name = "{0}: {1}")
    @CsvSource(
            delimiter = '|',
            value = {
                "config.json | \"vocab_size\" : | \"vocab_size\" : -1, \"v\" : | config.json | vocab_size is -1",
                "config.json | llama | mamba | config.json | model_type is \"mamba\"",
                "config.json | \"intermediate_size\" : 96 | \"intermediate_size\" : 64 | model.safetensors | mlp.gate_proj.weight",
                "config.json | \"vocab_size\" : | \"vocab_size\" : 9, \"v\" : | tokenizer.json | expected at most the vocab_size",
                "config.json | \"vocab_size\" : | \"vocab_size\" : 16000000, \"v\" : | config.json | this machine's memory",
                "config.json | { | [ | config.json | not JSON",
                "tokenizer.json | { | [ | tokenizer.json | ''",
                "model.safetensors.index.json | model-00001 | ../model-00001 | index.json | '../model-00001-of-00002.safetensors'",
                "model.safetensors.index.json | model-00001 | model-00007 | path | model-00007-of-00002.safetensors",
                "model.safetensors.index.json | weight_map | map | index.json | names 0 files",
                "model-00001-of-00002.safetensors | F32 | F99 | model-00001-of-00002.safetensors | unknown dtype",
            })
    void whatIsWrongIsNamedByFileAndField(String file, String from, String to, String named, String fault)
            throws Exception {
        Path path = given.resolve(file);
        byte[] bytes = Files.readString(path, StandardCharsets.ISO_8859_1)
                .replaceFirst(Pattern.quote(from), Matcher.quoteReplacement(to))
                .getBytes(StandardCharsets.ISO_8859_1);
        Files.write(path, bytes);
        assertThatThrownBy(() -> runner(fromFolder()).run())
                .isInstanceOf(AthanorException.class)
                .satisfies(e -> assertThat(((AthanorException) e).code())
                        .isIn(ErrorCode.INVALID_REQUEST, ErrorCode.INVALID_SPEC, ErrorCode.PAYLOAD_TOO_LARGE))
                .hasMessageContaining(named)
                .hasMessageContaining(fault);
    }

    @ParameterizedTest
    @CsvSource({"config.json", "tokenizer.json", "model-00002-of-00002.safetensors", "model.safetensors.index.json"})
    void aMissingFileIsNamed(String name) throws Exception {
        assertThatThrownBy(() -> runner(uploads(file -> !file.equals(name))).run())
                .isInstanceOf(AthanorException.class)
                .hasMessageContaining("uploads")
                .hasMessageContaining(name);
        Files.delete(given.resolve(name));
        assertThatThrownBy(() -> runner(fromFolder()).run())
                .isInstanceOf(AthanorException.class)
                .hasMessageContaining("path")
                .hasMessageContaining(name);
    }

    @Test
    void linksOutOfTheRootsAreNotFollowed() throws Exception {
        Files.delete(given.resolve("tokenizer.json"));
        Files.createSymbolicLink(given.resolve("tokenizer.json"), folder.resolve("whole/tokenizer.json"));
        assertThatThrownBy(() -> runner(fromFolder()).run()).hasMessageContaining("within");
    }

    @ParameterizedTest
    @CsvSource({
        "pytorch_model.bin, pickled weights",
        "../config.json, pickled weights",
        "a/b.safetensors, pickled weights",
        "config.json, each name once"
    })
    void namesOfUploadsAreChecked(String name, String expected) throws Exception {
        var blob = store.put(new byte[] {1});
        String json = """
                {"uploads": [{"name": "config.json", "blob": %1$s}, {"name": "%2$s", "blob": %1$s}]}""".formatted(Json.tree(blob), name);
        assertThatThrownBy(() -> StageType.IMPORT_LANGUAGE_MODEL.readSpec(Json.MAPPER.readTree(json)))
                .isInstanceOf(AthanorException.class)
                .hasMessageContaining("uploads[1].name")
                .hasMessageContaining(expected);
    }

    private void assertSameWeights(Manifest manifest) throws IOException {
        Path linked = Files.createTempDirectory(folder, "imported");
        ArtifactFolder.link(store, manifest, linked);
        try (LanguageModel imported = LanguageModel.load(linked, Device.cpu());
                LanguageModel whole = LanguageModel.load(folder.resolve("whole"), Device.cpu())) {
            assertThat(imported.config()).isEqualTo(whole.config());
            whole.parameters()
                    .forEach(
                            (name, array) -> assertThat(imported.parameter(name).toFloatArray())
                                    .as(name)
                                    .isEqualTo(array.toFloatArray()));
            assertThat(manifest.counts()).containsEntry("parameters", whole.parameterCount());
        }
    }

    private void replace(String file, String from, String to) throws IOException {
        Path path = given.resolve(file);
        assertThat(path).content().contains(from);
        Files.writeString(path, Files.readString(path).replace(from, to));
    }

    private static ImportModelSpec fromFolder() {
        return new ImportModelSpec("given", List.of(), "MIT");
    }

    private ImportModelSpec uploads(Predicate<String> which) throws IOException {
        List<UploadedFile> files = new ArrayList<>();
        try (var all = Files.list(given)) {
            for (Path file : all.sorted().toList()) {
                String name = file.getFileName().toString();
                if (which.test(name)) {
                    files.add(new UploadedFile(name, store.put(Files.readAllBytes(file))));
                }
            }
        }
        return new ImportModelSpec("unused", files, "MIT");
    }

    private StageRunner<ImportModelSpec> runner(ImportModelSpec spec) {
        return StageRunner.of(new ImportModelStage(new DataRoots(List.of(root)), MOST_BYTES), store)
                .spec(spec);
    }
}
