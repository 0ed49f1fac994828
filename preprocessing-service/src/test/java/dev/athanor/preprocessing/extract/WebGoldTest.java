package dev.athanor.preprocessing.extract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.athanor.contracts.json.Json;
import dev.athanor.preprocessing.Shared;
import java.io.ByteArrayInputStream;
import org.jsoup.Jsoup;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** Segments that must and must not be in the text of 990 real pages. Half of the pages, by hash, was never looked at. */
class WebGoldTest {

    /** Hits, misses and false alarms. */
    private static final class Score {
        int hits;
        int misses;
        int alarms;

        double f1() {
            return 2.0 * hits / (2 * hits + misses + alarms);
        }
    }

    @Test
    void segmentScores() throws Exception {
        var pages = WebGold.read(Shared.path("data/web_gold/trafilatura_eval.tar.zst"));
        JsonNode expected = Json.MAPPER.readTree(pages.get("evaldata.json"));
        var extractor = new MainContentExtractor();
        var all = new Score();
        var unseen = new Score();
        int count = 0;
        for (var page : expected.properties()) {
            byte[] bytes = pages.get(page.getValue().get("file").asString());
            var charset = Jsoup.parse(new ByteArrayInputStream(bytes), null, "").charset();
            String text = tidy(
                    extractor.extract(new String(bytes, charset), page.getKey()).text());
            count++;
            for (Score score : (page.getKey().hashCode() & 1) == 1 ? new Score[] {all, unseen} : new Score[] {all}) {
                for (JsonNode segment : page.getValue().get("with")) {
                    boolean found = text.contains(tidy(segment.asString()).strip());
                    score.hits += found ? 1 : 0;
                    score.misses += found ? 0 : 1;
                }
                for (JsonNode segment : page.getValue().get("without")) {
                    score.alarms += text.contains(tidy(segment.asString()).strip()) ? 1 : 0;
                }
            }
        }
        assertThat(count).isEqualTo(990);
        System.out.printf("web gold: F1 %.4f, half not looked at %.4f%n", all.f1(), unseen.f1());
        assertThat(all.f1()).isGreaterThan(0.93);
        assertThat(unseen.f1()).isGreaterThan(0.918);
    }

    private static String tidy(String text) {
        return text.replaceAll("[\u00ad\u200b]", "").replaceAll("[\\s\u00a0]+", " ");
    }
}
