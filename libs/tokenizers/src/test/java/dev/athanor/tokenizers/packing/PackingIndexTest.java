package dev.athanor.tokenizers.packing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PackingIndexTest {

    @TempDir
    Path folder;

    @Test
    void whatIsWrittenIsRead() throws IOException {
        Path file = folder.resolve("index");
        PackingIndex packed = new PackingIndex(10, FirstFit.pack(new int[] {4, 25, 6, 1, 0, 3}, 10));
        packed.write(file);
        assertThat(PackingIndex.read(file)).isEqualTo(packed);
        PairIndex pairs = new PairIndex(List.of(new PairIndex.Example(5, true), new PairIndex.Example(9, false)));
        pairs.write(file);
        assertThat(PairIndex.read(file)).isEqualTo(pairs);
        new PackingIndex(3, List.of()).write(file);
        assertThat(PackingIndex.read(file).sequences()).isEmpty();
    }

    @Test
    void damageAndOtherFilesAreNoticed() throws IOException {
        Path file = folder.resolve("index");
        new PackingIndex(10, FirstFit.pack(new int[] {4, 25}, 10)).write(file);
        assertThatThrownBy(() -> PairIndex.read(file))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("ATHPAIR1");
        byte[] bytes = Files.readAllBytes(file);
        bytes[20] ^= 1;
        Files.write(file, bytes);
        assertThatThrownBy(() -> PackingIndex.read(file))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("damaged");
        Files.write(file, new byte[5]);
        assertThatThrownBy(() -> PackingIndex.read(file)).isInstanceOf(IOException.class);
    }
}
