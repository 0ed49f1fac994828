package dev.athanor.preprocessing.extract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.athanor.preprocessing.Shared;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import org.jsoup.Jsoup;
import org.junit.jupiter.api.Test;

/** Words shared with what Mozilla's Readability keeps of its own 130 test pages. Half of them, by hash, was never looked at. */
class ReadabilityPagesTest {

    @Test
    void keepsWhatReadabilityKeeps() throws Exception {
        var files = new TreeMap<>(WebGold.readPaths(Shared.path("data/web_gold/readability.tar.zst")));
        var extractor = new MainContentExtractor();
        double sum = 0;
        double sumUnseen = 0;
        int unseen = 0;
        int pages = 0;
        int good = 0;
        for (var file : files.entrySet()) {
            if (file.getKey().endsWith("/source.html")) {
                String expected = text(files.get(file.getKey().replace("source.html", "expected.html")));
                String source = new String(file.getValue(), StandardCharsets.UTF_8);
                double f1 = f1(
                        words(Jsoup.parse(expected).text()),
                        words(extractor.extract(source, "http://example.org/").text()));
                sum += f1;
                String name = Path.of(file.getKey()).getParent().getFileName().toString();
                if ((name.hashCode() & 1) == 1) {
                    sumUnseen += f1;
                    unseen++;
                }
                good += f1 >= 0.8 ? 1 : 0;
                pages++;
            }
        }
        System.out.printf(
                "readability pages: %d, mean F1 of words %.4f, half not looked at %.4f, %d at 0.8 or more%n",
                pages, sum / pages, sumUnseen / unseen, good);
        assertThat(pages).isEqualTo(130);
        assertThat(sumUnseen / unseen).isGreaterThan(0.92);
        assertThat(sum / pages).isGreaterThan(0.93);
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }

    private static Map<String, Integer> words(String text) {
        Map<String, Integer> counts = new HashMap<>();
        for (String word : text.split("[^\\p{L}\\p{N}]+")) {
            if (!word.isEmpty()) {
                counts.merge(word, 1, Integer::sum);
            }
        }
        return counts;
    }

    private static double f1(Map<String, Integer> expected, Map<String, Integer> found) {
        int shared = 0;
        for (var word : found.entrySet()) {
            shared += Math.min(word.getValue(), expected.getOrDefault(word.getKey(), 0));
        }
        int all = expected.values().stream().mapToInt(n -> n).sum()
                + found.values().stream().mapToInt(n -> n).sum();
        return all == 0 ? 1 : 2.0 * shared / all;
    }
}
