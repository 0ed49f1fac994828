package dev.athanor.benchmarks.data;

import com.github.luben.zstd.ZstdInputStream;
import dev.athanor.benchmarks.Figures;
import dev.athanor.contracts.json.Json;
import dev.athanor.preprocessing.extract.MainContentExtractor;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BinaryOperator;
import net.dankito.readability4j.Readability4J;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.jsoup.Jsoup;
import tools.jackson.databind.JsonNode;

/** Main text of the pages of {@code web_gold}: speed and segment F1, beside readability4j on the same pages. */
final class ExtractionFigures {

    private static final String PAGES = "data/web_gold/trafilatura_eval.tar.zst";

    private record Page(String url, String html, List<String> with, List<String> without) {}

    private ExtractionFigures() {}

    static void print(Figures figures, double share) throws Exception {
        Path archive = SharedText.file(PAGES);
        if (archive == null) {
            figures.note(PAGES + " is absent: extraction left out");
            return;
        }
        List<Page> all = pages(archive);
        List<Page> pages = all.subList(0, (int) Math.ceil(all.size() * share));
        var extractor = new MainContentExtractor();
        BinaryOperator<String> own = (html, url) -> extractor.extract(html, url).text();
        double ownF1 = f1(pages, own);
        double peerF1 = f1(pages, ExtractionFigures::readability);
        figures.higherIsBetter("extraction, segment F1 of " + pages.size() + " pages", ownF1, "", "goal", 0.92);
        figures.higherIsBetter("extraction, segment F1", ownF1, "", "readability4j", peerF1);
        figures.higherIsBetter(
                "extraction of HTML, a core",
                rate(pages, own),
                "MB/s",
                "readability4j",
                rate(pages, ExtractionFigures::readability));
    }

    /** No text where the library fails, as it does on some pages. */
    private static String readability(String html, String url) {
        try {
            String text = new Readability4J(url, html).parse().getTextContent();
            return text == null ? "" : text;
        } catch (IllegalStateException | NullPointerException e) {
            return "";
        }
    }

    private static double rate(List<Page> pages, BinaryOperator<String> extractor) throws Exception {
        long bytes = SharedText.bytes(pages.stream().map(Page::html).toList());
        return Rate.megabytesASecond(bytes, () -> {
            for (Page page : pages) {
                DataBench.sink += extractor.apply(page.html, page.url).length();
            }
        });
    }

    private static double f1(List<Page> pages, BinaryOperator<String> extractor) {
        int hits = 0;
        int misses = 0;
        int alarms = 0;
        for (Page page : pages) {
            String text = tidy(extractor.apply(page.html, page.url));
            for (String segment : page.with) {
                boolean found = text.contains(tidy(segment).strip());
                hits += found ? 1 : 0;
                misses += found ? 0 : 1;
            }
            alarms += (int) page.without.stream()
                    .filter(s -> text.contains(tidy(s).strip()))
                    .count();
        }
        return 2.0 * hits / (2 * hits + misses + alarms);
    }

    private static String tidy(String text) {
        return text.replaceAll("[\u00ad\u200b]", "").replaceAll("[\\s\u00a0]+", " ");
    }

    private static List<Page> pages(Path archive) throws IOException {
        Map<String, byte[]> files = new HashMap<>();
        var zstd = new ZstdInputStream(Files.newInputStream(archive));
        zstd.setLongMax(27);
        try (var tar = new TarArchiveInputStream(zstd)) {
            for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
                files.put(entry.getName().substring(entry.getName().lastIndexOf('/') + 1), tar.readAllBytes());
            }
        }
        var pages = new ArrayList<Page>();
        for (var page : Json.MAPPER.readTree(files.get("evaldata.json")).properties()) {
            byte[] bytes = files.get(page.getValue().get("file").asString());
            var charset = Jsoup.parse(new ByteArrayInputStream(bytes), null, "").charset();
            pages.add(new Page(
                    page.getKey(),
                    new String(bytes, charset),
                    strings(page.getValue().get("with")),
                    strings(page.getValue().get("without"))));
        }
        return pages;
    }

    private static List<String> strings(JsonNode array) {
        List<String> strings = new ArrayList<>();
        array.forEach(s -> strings.add(s.asString()));
        return strings;
    }
}
