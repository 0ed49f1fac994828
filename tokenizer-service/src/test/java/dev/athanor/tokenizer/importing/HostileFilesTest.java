package dev.athanor.tokenizer.importing;

import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import dev.athanor.artifacts.LocalArtifactStore;
import dev.athanor.contracts.error.AthanorException;
import dev.athanor.contracts.job.StageType;
import dev.athanor.contracts.json.Json;
import dev.athanor.contracts.spec.ImportTokenizerSpec;
import dev.athanor.stage.data.DataRoots;
import dev.athanor.stage.testing.StageRunner;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Files that claim what they do not hold, or ask for more than there is: each is refused soon, with what is wrong about it. */
class HostileFilesTest {

    @TempDir
    Path folder;

    private LocalArtifactStore store;

    @BeforeEach
    void open() throws IOException {
        store = new LocalArtifactStore(folder.resolve("store"));
    }

    @AfterEach
    void close() {
        store.close();
    }

    /** The error of importing the file. */
    private AthanorException refused(String name) {
        var stage = new ImportTokenizerStage(new DataRoots(List.of(folder)));
        var spec = (ImportTokenizerSpec)
                StageType.IMPORT_TOKENIZER.readSpec(Json.MAPPER.readTree("{\"path\": \"" + name + "\"}"));
        return assertTimeoutPreemptively(
                ofSeconds(30),
                () -> catchThrowableOfType(
                        AthanorException.class,
                        () -> StageRunner.of(stage, store).spec(spec).run()));
    }

    private AthanorException refused(String name, byte[] bytes) throws IOException {
        Files.write(folder.resolve(name), bytes);
        return refused(name);
    }

    private AthanorException refusedJson(String parts) throws IOException {
        String json = "{\"model\":{\"type\":\"BPE\",\"vocab\":{\"a\":0,\"b\":1,\"ab\":2},\"merges\":[]}," + parts + "}";
        return refused("t.json", json.getBytes(StandardCharsets.UTF_8));
    }

    private AthanorException refusedModel(String model) throws IOException {
        return refused("t.json", ("{\"model\":" + model + "}").getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void aFileOfGigabytesIsNotRead() throws IOException {
        try (var file = new RandomAccessFile(folder.resolve("big.json").toFile(), "rw")) {
            file.setLength(3L << 30);
        }
        assertThat(refused("big.json")).hasMessageContaining("3221225472 bytes").hasMessageContaining("at most");
    }

    /** Field 1, a message of 2 GB less one byte, of which none is there. */
    @Test
    void aModelFileIsNotTakenAtItsWord() throws IOException {
        byte[] claim = {0x0A, (byte) 0xFF, (byte) 0xFF, (byte) 0xFF, (byte) 0xFF, 0x07};
        assertThat(refused("m.model", claim))
                .hasMessageContaining("2147483647 bytes")
                .hasMessageContaining("0 are left");
    }

    @Test
    void noiseIsRefused() throws IOException {
        byte[] noise = new byte[4096];
        for (int seed = 0; seed < 40; seed++) {
            new Random(seed).nextBytes(noise);
            for (String name : List.of("n.model", "n.json", "n.tiktoken")) {
                assertThat(refused(name, noise)).as("%s %d", name, seed).hasMessageContaining("'" + name + "'");
            }
        }
    }

    @Test
    void nestingIsBounded() throws IOException {
        String open = "{\"type\":\"Sequence\",\"normalizers\":[";
        assertThat(refusedJson("\"normalizer\":" + open.repeat(10_000))).hasMessageContaining("nesting");
        assertThat(refused("d.json", "[".repeat(1_000_000).getBytes(StandardCharsets.UTF_8)))
                .hasMessageContaining("nesting");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "[[\"a\",\"x\"]] | model.merges[0]: token \"x\"",
                "[[\"b\",\"a\"]] | token \"ba\"",
                "[[\"ab\",\"ab\"],[\"a\",\"b\"]] | token \"abab\"",
                "[\"ab\"] | model.merges.0",
                "[7] | model.merges.0",
                "\"a b\" | expected an array",
            })
    void mergesThatLeadNowhereAreNamed(String merges, String message) throws IOException {
        assertThat(refusedModel("{\"type\":\"BPE\",\"vocab\":{\"a\":0,\"b\":1,\"ab\":2},\"merges\":" + merges + "}"))
                .hasMessageContaining(message);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{\"type\":\"BPE\",\"vocab\":{\"a\":2000000000},\"merges\":[]} | has id 2000000000",
                "{\"type\":\"BPE\",\"vocab\":{\"a\":-1},\"merges\":[]} | has id -1",
                "{\"type\":\"BPE\",\"vocab\":{\"a\":99999999999},\"merges\":[]} | model.vocab.a",
                "{\"type\":\"WordPiece\",\"vocab\":{\"\\ud800\":0}} | half of a surrogate pair",
                "{\"type\":\"Unigram\",\"vocab\":[[\"a\",-1]],\"unk_id\":7} | model.unk_id: 7",
                "{\"type\":\"Unigram\",\"vocab\":[[\"a\"]]} | model.vocab.0",
                "{\"type\":\"WordPiece\",\"vocab\":{},\"max_input_chars_per_word\":0} | max_input_chars_per_word: 0",
                "{\"type\":\"BPE\",\"dropout\":7,\"vocab\":{},\"merges\":[]} | model.dropout: 7",
            })
    void valuesOutOfRangeAreNamed(String model, String message) throws IOException {
        assertThat(refusedModel(model)).hasMessageContaining(message).hasMessageContaining("'t.json'");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "\"padding\":{\"strategy\":{\"Fixed\":2147483647}} | padding.strategy.Fixed: 2147483647",
                "\"padding\":{\"strategy\":\"BatchLongest\",\"pad_to_multiple_of\":2147483647} | pad_to_multiple_of",
                "\"truncation\":{\"max_length\":-5} | truncation.max_length: -5",
                "\"pre_tokenizer\":{\"type\":\"Split\",\"pattern\":{\"Regex\":\"(((\"}} | pattern.Regex",
                "\"normalizer\":{\"type\":\"Precompiled\",\"precompiled_charsmap\":\"/////w==\"} | precompiled_charsmap",
            })
    void partsOutOfRangeAreNamed(String parts, String message) throws IOException {
        assertThat(refusedJson(parts)).hasMessageContaining(message);
    }

    @Test
    void hugeExpressionsAndTokensAreRefused() throws IOException {
        assertThat(refusedJson("\"pre_tokenizer\":{\"type\":\"Split\",\"pattern\":{\"Regex\":\"" + "(a".repeat(100_000)
                        + "\"}}"))
                .hasMessageContaining("200000 characters");
        String token = Base64.getEncoder().encodeToString(new byte[10_000_000]);
        assertThat(refused("h.tiktoken", (token + " 0\n").getBytes(StandardCharsets.US_ASCII)))
                .hasMessageContaining("line 1")
                .hasMessageContaining("at most 1024 bytes");
    }
}
