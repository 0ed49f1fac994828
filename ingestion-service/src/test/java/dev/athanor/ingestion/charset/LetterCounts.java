package dev.athanor.ingestion.charset;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.ZipFile;

/** Makes {@code letters.tsv} from the Declarations of {@code udhr2.zip}: {@code main} with its path and the file to write. */
final class LetterCounts {

    /** Languages by the encodings that they were written in before Unicode. */
    static final Map<String, List<String>> GROUPS = new TreeMap<>(Map.ofEntries(
            Map.entry("arabic", List.of("arb", "pes_1")),
            Map.entry("baltic", List.of("est", "lav", "lit")),
            Map.entry("central", List.of("bos_latn", "ces", "hrv", "hun", "pol", "ron", "slk", "slv", "srp_latn")),
            Map.entry("chinese", List.of("cmn_hans", "cmn_hant")),
            Map.entry("cyrillic", List.of("bel", "bul", "mkd", "rus", "srp_cyrl", "ukr")),
            Map.entry("greek", List.of("ell_monotonic")),
            Map.entry("hebrew", List.of("heb")),
            Map.entry("japanese", List.of("jpn")),
            Map.entry("korean", List.of("kor")),
            Map.entry("thai", List.of("tha")),
            Map.entry("turkish", List.of("tur")),
            Map.entry("vietnamese", List.of("vie")),
            Map.entry(
                    "western",
                    List.of(
                            "cat", "dan", "deu", "fin", "fra", "isl", "ita", "nld", "nob", "por_BR", "por_PT", "spa",
                            "swe"))));

    private LetterCounts() {}

    public static void main(String[] args) throws IOException {
        Files.writeString(Path.of(args[1]), of(Path.of(args[0])));
    }

    static String of(Path zip) throws IOException {
        var lines = new StringBuilder();
        try (var file = new ZipFile(zip.toFile())) {
            for (var group : GROUPS.entrySet()) {
                Map<String, Integer> counts = new TreeMap<>();
                for (String language : group.getValue()) {
                    try (InputStream in = file.getInputStream(file.getEntry("udhr2/" + language + ".txt"))) {
                        // No old encoding has the Romanian letters with a comma; they were written with a cedilla.
                        add(
                                new String(in.readAllBytes(), StandardCharsets.UTF_8)
                                        .replace('ș', 'ş')
                                        .replace('ț', 'ţ')
                                        .replace('Ș', 'Ş')
                                        .replace('Ț', 'Ţ'),
                                counts);
                    }
                }
                counts.forEach((letters, n) -> lines.append(group.getKey())
                        .append('\t')
                        .append(letters)
                        .append('\t')
                        .append(n)
                        .append('\n'));
            }
        }
        return lines.toString();
    }

    private static void add(String text, Map<String, Integer> counts) {
        String plain = text.toLowerCase(Locale.ROOT).replaceAll("[^\\p{L}\\p{Mn}]+", " ");
        char before = ' ';
        for (char c : plain.toCharArray()) {
            counts.merge(String.valueOf(c), 1, Integer::sum);
            // Pairs of ideographs are too many to be counted in so little text.
            if (!(Character.isIdeographic(c) && Character.isIdeographic(before))) {
                counts.merge("" + before + c, 1, Integer::sum);
            }
            before = c;
        }
    }
}
