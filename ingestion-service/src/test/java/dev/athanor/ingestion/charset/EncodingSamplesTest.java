package dev.athanor.ingestion.charset;

import static org.assertj.core.api.Assertions.assertThat;

import dev.athanor.ingestion.SharedData;
import dev.athanor.ingestion.content.BadContentException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.junit.jupiter.api.Test;

/** The real pages and feeds of chardet's tests, each in a folder named after its encoding. */
class EncodingSamplesTest {

    /** What a folder's name means for Java, where it is not a name that Java knows. */
    private static final Map<String, String> NAMES = Map.of(
            "utf-8-sig", "UTF-8",
            "CP932", "windows-31j",
            "CP949", "x-windows-949",
            "Johab", "x-Johab",
            "EUC-TW", "x-EUC-TW",
            "MacRoman", "x-MacRoman",
            "MacCyrillic", "x-MacCyrillic");

    private record Sample(String folder, String name, byte[] bytes) {}

    private static List<Sample> samples() throws IOException {
        List<Sample> samples = new ArrayList<>();
        try (InputStream in =
                        Files.newInputStream(SharedData.folder("encodings").resolve("chardet_tests.tar.zst"));
                var tar = new TarArchiveInputStream(new com.github.luben.zstd.ZstdInputStream(in))) {
            for (TarArchiveEntry e = tar.getNextEntry(); e != null; e = tar.getNextEntry()) {
                String[] path = e.getName().split("/");
                if (e.isFile() && path.length == 3) {
                    samples.add(new Sample(path[1], path[2], tar.readAllBytes()));
                }
            }
        }
        return samples;
    }

    private static Charset truth(String folder) {
        String name =
                NAMES.getOrDefault(folder, folder.replaceFirst("(?i)^((iso-8859-\\d+|windows-\\d+))-[a-z]+$", "$1"));
        return Charset.forName(name);
    }

    /** The text is what counts: two encodings that give the same text are equally right. */
    private static boolean sameText(byte[] bytes, Charset found, Charset truth) {
        return letters(new String(bytes, found)).equals(letters(new String(bytes, truth)));
    }

    /** Without the control characters that one encoding has where its superset has a printed one. */
    private static String letters(String text) {
        return text.codePoints()
                .filter(c -> c != 0xfeff && Character.isLetterOrDigit(c))
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
    }

    @Test
    void theTextsAreDecodedAsTheyWereMeant() throws IOException {
        var wrong = new TreeMap<String, List<String>>();
        int right = 0;
        List<Sample> samples = samples();
        for (Sample sample : samples) {
            String found;
            try {
                Decoded decoded = TextDecoder.decode(sample.bytes(), null);
                found = decoded.charset();
            } catch (BadContentException e) {
                found = null;
            }
            if (found != null && sameText(sample.bytes(), Charset.forName(found), truth(sample.folder()))) {
                right++;
            } else {
                wrong.computeIfAbsent(sample.folder(), f -> new ArrayList<>()).add(sample.name() + "→" + found);
            }
        }
        System.out.println(right + " of " + samples.size() + " right; wrong:");
        wrong.forEach((folder, names) -> System.out.println("  " + folder + " " + names));
        assertThat(right).isGreaterThanOrEqualTo(422);
    }
}
