package dev.athanor.tokenizers.shards;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.athanor.tokenizers.IntList;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TokenShardTest {

    @TempDir
    Path folder;

    @ParameterizedTest
    @CsvSource({"65536, 2", "65537, 4"})
    void whatIsWrittenIsRead(int vocabSize, int idBytes) throws IOException {
        Random random = new Random(7);
        int[][] documents = new int[200][];
        Path file = folder.resolve("a.tokens");
        try (TokenShardWriter writer = new TokenShardWriter(file, vocabSize)) {
            for (int d = 0; d < documents.length; d++) {
                documents[d] = random.ints(random.nextInt(3000), 0, vocabSize).toArray();
                writer.addDocument(documents[d], 0, documents[d].length);
            }
            writer.finish();
        }
        try (TokenShardReader reader = new TokenShardReader(file)) {
            assertThat(reader.idBytes()).isEqualTo(idBytes);
            assertThat(reader.documents()).isEqualTo(documents.length);
            long position = 0;
            for (int d = 0; d < documents.length; d++) {
                assertThat(reader.document(d)).isEqualTo(documents[d]);
                assertThat(reader.documentStart(d)).isEqualTo(position);
                if (documents[d].length > 0) {
                    assertThat(reader.documentAt(position)).isEqualTo(d);
                    assertThat(reader.id(position)).isEqualTo(documents[d][0]);
                    long[] wide = new long[documents[d].length];
                    reader.ids(position, wide, 0, wide.length);
                    assertThat(wide[wide.length - 1]).isEqualTo(documents[d][wide.length - 1]);
                }
                position += documents[d].length;
            }
            assertThat(reader.tokens()).isEqualTo(position);
        }
        assertThat(folder.toFile().list()).containsExactly("a.tokens");
    }

    @Test
    void anUnfinishedShardLeavesNothing() throws IOException {
        try (TokenShardWriter writer = new TokenShardWriter(folder.resolve("b.tokens"), 100)) {
            writer.addDocument(new int[] {1, 2, 3}, 0, 3);
        }
        assertThat(folder).isEmptyDirectory();
    }

    @Test
    void damageIsFound() throws IOException {
        Path file = folder.resolve("c.tokens");
        try (TokenShardWriter writer = new TokenShardWriter(file, 100)) {
            IntList ids = new IntList();
            ids.add(5);
            writer.addDocument(ids);
            writer.finish();
        }
        byte[] bytes = Files.readAllBytes(file);
        // Each bit of the ids and the index; the last bytes of the header say nothing.
        for (int at = 128; at < bytes.length; at++) {
            byte[] damaged = bytes.clone();
            damaged[at] ^= 1;
            Files.write(file, damaged);
            assertThatThrownBy(() -> new TokenShardReader(file))
                    .as("byte %d", at)
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("c.tokens");
        }
        for (int length = 0; length < bytes.length; length++) {
            Files.write(file, Arrays.copyOf(bytes, length));
            assertThatThrownBy(() -> new TokenShardReader(file))
                    .as("cut to %d bytes", length)
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("c.tokens");
        }
    }

    @Test
    void idsOutsideOfTheVocabularyAreRefused() throws IOException {
        try (TokenShardWriter writer = new TokenShardWriter(folder.resolve("d.tokens"), 100)) {
            assertThatThrownBy(() -> writer.addDocument(new int[] {100}, 0, 1))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("id 100");
        }
    }
}
