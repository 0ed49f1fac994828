package dev.athanor.artifacts.shards;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.github.luben.zstd.Zstd;
import dev.athanor.contracts.document.Document;
import dev.athanor.contracts.document.LabelledExample;
import dev.athanor.contracts.document.Split;
import dev.athanor.contracts.error.AthanorException;
import dev.athanor.contracts.error.ErrorCode;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class ShardTest {

    private static List<Document> documents() {
        List<Document> documents = new ArrayList<>();
        for (int i = 0; i < 500; i++) {
            String text = "Zeile " + i + "\n\u2028 \"quoted\" \ud83d\ude00 " + "x".repeat(i * 37);
            documents.add(new Document(
                    Document.idOf("s", "u" + i, text),
                    text,
                    "text/plain",
                    "s",
                    "u" + i,
                    i % 2 == 0 ? "CC0-1.0" : null,
                    null,
                    null,
                    new TreeMap<>(Map.of("b", "2", "a", "1"))));
        }
        return documents;
    }

    private static byte[] write(List<Document> documents) throws IOException {
        var bytes = new ByteArrayOutputStream();
        try (var writer = new DocumentShardWriter(bytes)) {
            for (Document document : documents) {
                writer.write(document);
            }
            assertThat(writer.records()).isEqualTo(documents.size());
        }
        return bytes.toByteArray();
    }

    private static List<Document> read(byte[] bytes) throws IOException {
        List<Document> documents = new ArrayList<>();
        try (var reader = new DocumentShardReader(new ByteArrayInputStream(bytes))) {
            reader.forEach(documents::add);
        }
        return documents;
    }

    @Test
    void documentsComeBackInOrderAndEqualDocumentsGiveEqualBytes() throws IOException {
        byte[] bytes = write(documents());
        assertThat(read(bytes)).isEqualTo(documents());
        assertThat(write(documents())).isEqualTo(bytes);
        assertThat(read(write(List.of()))).isEmpty();
    }

    @Test
    void labelledExamplesComeBack() throws IOException {
        var example = new LabelledExample("1", "fine", "positive", Split.VALIDATION);
        var bytes = new ByteArrayOutputStream();
        try (var writer = new LabelledShardWriter(bytes)) {
            writer.write(example);
        }
        try (var reader = new LabelledShardReader(new ByteArrayInputStream(bytes.toByteArray()))) {
            assertThat(reader).containsExactly(example);
        }
    }

    @Test
    void aBadLineIsNamedByItsNumber() {
        byte[] shard = Zstd.compress("{\"id\":\"1\",\"text\":\"a\",\"label\":\"x\",\"split\":\"test\"}\n{\"id\":2}\n"
                .getBytes(StandardCharsets.UTF_8));
        assertThatThrownBy(() -> {
                    try (var reader = new LabelledShardReader(new ByteArrayInputStream(shard))) {
                        reader.forEach(e -> {});
                    }
                })
                .isInstanceOfSatisfying(AthanorException.class, e -> {
                    assertThat(e.code()).isEqualTo(ErrorCode.ARTIFACT_CORRUPT);
                    assertThat(e).hasMessageContaining("line 2");
                });
    }

    @Test
    void aShardCutShortIsNotTakenForWhole() throws IOException {
        byte[] bytes = write(documents());
        byte[] cut = java.util.Arrays.copyOf(bytes, bytes.length / 2);
        assertThatThrownBy(() -> read(cut)).isInstanceOf(RuntimeException.class);
        byte[] halfLine = Zstd.compress("{\"id\":".getBytes(StandardCharsets.UTF_8));
        assertThatThrownBy(() -> read(halfLine)).hasMessageContaining("has no end");
    }

    @Test
    void anEndlessLineIsRefusedInsteadOfFillingTheMemory() {
        byte[] bomb = Zstd.compress(new byte[ShardWriter.MAX_LINE + 1000]);
        assertThatThrownBy(() -> read(bomb)).hasMessageContaining("longer than");
    }
}
