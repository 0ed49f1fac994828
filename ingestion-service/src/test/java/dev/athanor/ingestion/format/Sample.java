package dev.athanor.ingestion.format;

import com.github.luben.zstd.ZstdInputStream;
import dev.athanor.ingestion.SharedData;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;

/** The real sample files of all formats. */
record Sample(String set, String name, byte[] bytes) {

    static final List<String> SETS = List.of("warc", "pdf", "encodings", "feeds", "pubmed", "parquet");

    /** With crafted ones of the other formats. */
    static List<Sample> all() throws IOException {
        List<Sample> samples = new ArrayList<>();
        for (String set : SETS) {
            samples.addAll(of(set));
        }
        samples.addAll(Crafted.wellFormed());
        samples.addAll(Crafted.hostile());
        return samples;
    }

    static List<Sample> of(String set) throws IOException {
        Path folder = SharedData.folder(set);
        List<Sample> samples = new ArrayList<>();
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.filter(Files::isRegularFile).sorted().toList()) {
                String name = folder.relativize(file).toString();
                if (name.endsWith(".tar.zst")) {
                    samples.addAll(unpacked(set, file));
                } else if (!name.endsWith("SOURCE.md")) {
                    samples.add(new Sample(set, name, Files.readAllBytes(file)));
                }
            }
        }
        return samples;
    }

    private static List<Sample> unpacked(String set, Path archive) {
        List<Sample> samples = new ArrayList<>();
        try (InputStream in = Files.newInputStream(archive);
                var tar = new TarArchiveInputStream(new ZstdInputStream(in))) {
            for (TarArchiveEntry e = tar.getNextEntry(); e != null; e = tar.getNextEntry()) {
                if (e.isFile()
                        && !e.getName().endsWith("LICENSE")
                        && !e.getName().endsWith("README.txt")) {
                    samples.add(new Sample(set, e.getName(), tar.readAllBytes()));
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return samples;
    }
}
