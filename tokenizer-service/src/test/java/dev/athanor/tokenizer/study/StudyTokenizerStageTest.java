package dev.athanor.tokenizer.study;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.athanor.artifacts.LocalArtifactStore;
import dev.athanor.contracts.artifact.ArtifactId;
import dev.athanor.contracts.artifact.Manifest;
import dev.athanor.contracts.job.StageType;
import dev.athanor.contracts.json.Json;
import dev.athanor.contracts.message.MetricPoint;
import dev.athanor.contracts.spec.StudyTokenizerSpec;
import dev.athanor.stage.testing.StageRunner;
import dev.athanor.tokenizer.CleanCorpus;
import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.TreeMap;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xml.sax.InputSource;

class StudyTokenizerStageTest {

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

    private ArtifactId corpus() throws IOException {
        CleanCorpus corpus = new CleanCorpus(store, folder);
        var random = new SplittableRandom(6);
        for (String language : List.of("en", "de")) {
            List<String> stems = language.equals("en")
                    ? List.of("walk", "talk", "jump", "paint", "work")
                    : List.of("geh", "spring", "mal", "läuf", "schreib");
            List<String> ends =
                    language.equals("en") ? List.of("", "s", "ed", "ing") : List.of("e", "st", "en", "t", "end");
            List<String> texts = new ArrayList<>();
            for (int d = 0; d < 120; d++) {
                var text = new StringBuilder();
                for (int w = 0; w < 50; w++) {
                    text.append(stems.get(random.nextInt(stems.size())))
                            .append(ends.get(random.nextInt(ends.size())))
                            .append(' ');
                }
                // A character that the training text may lack.
                texts.add(text.append(Character.toString(0x4E00 + d)).toString());
            }
            corpus.shard(texts, language);
        }
        return corpus.publish();
    }

    private static StudyTokenizerSpec spec() {
        return (StudyTokenizerSpec) StageType.STUDY_TOKENIZER.readSpec(Json.MAPPER.readTree("""
                {"algorithms": ["byte-level-bpe", "byte-fallback-bpe", "unigram", "wordpiece", "word", "character", "byte"],
                 "vocabularySizes": [400, 300], "heldOutFraction": 0.1, "memoryMiB": 64}"""));
    }

    private StageRunner<StudyTokenizerSpec> runner() throws IOException {
        return StageRunner.of(new StudyTokenizerStage(System::nanoTime), store)
                .spec(spec())
                .input("documents", corpus())
                .seed(3);
    }

    private String text(Manifest manifest, String name) throws IOException {
        return Files.readString(store.local(manifest.file(name)));
    }

    @Test
    void everyAlgorithmAndSizeIsMeasuredAndOneIsRecommended() throws Exception {
        var result = runner().run();
        StudyReport report = Json.MAPPER.readValue(text(result.manifest(), "report.json"), StudyReport.class);
        assertThat(report.measurements()).hasSize(14);
        for (Measurement m : report.measurements()) {
            assertThat(m.languages().keySet()).as(m.algorithm()).containsExactly("de", "en");
            assertThat(m.text().bytesPerToken()).as(m.algorithm()).isGreaterThanOrEqualTo(1);
            assertThat(m.text().coverage()).isBetween(0.9, 1.0);
            assertThat(m.text().documents())
                    .isEqualTo(of(report, "byte", 300).text().documents());
        }
        // The rare characters are unknown to words, spelt in bytes with byte fallback, and nothing special to
        // byte-level BPE.
        assertThat(of(report, "word", 300).text().unknownRate()).isPositive();
        assertThat(of(report, "byte-fallback-bpe", 400).text().unknownRate()).isZero();
        assertThat(of(report, "byte-fallback-bpe", 400).text().coverage()).isLessThan(1);
        assertThat(of(report, "byte-level-bpe", 400).text().coverage()).isEqualTo(1);
        assertThat(of(report, "byte", 300).text().bytesPerToken()).isEqualTo(1);
        assertThat(of(report, "byte-level-bpe", 400).text().fertility())
                .isLessThan(of(report, "byte", 400).text().fertility());
        assertThat(of(report, "unigram", 300).trainingSymbols()).isPositive();
        Recommendation recommended = report.recommendation();
        Measurement chosen = of(report, recommended.algorithm(), recommended.vocabularySize());
        assertThat(chosen.text().unknownRate()).isLessThanOrEqualTo(0.001);
        assertThat(report.recommendation().reason()).contains("bytes)");
        assertThat(text(result.manifest(), "report.md"))
                .contains(
                        "| byte-level-bpe | 400 |",
                        "| algorithm | size | de | en |",
                        report.recommendation().reason());
        assertThat(result.metrics())
                .extracting(MetricPoint::name)
                .contains("train_seconds_unigram", "bytes_per_token_word");
    }

    private static Measurement of(StudyReport report, String algorithm, int size) {
        return report.measurements().stream()
                .filter(m -> m.algorithm().equals(algorithm) && m.vocabularySize() == size)
                .findFirst()
                .orElseThrow();
    }

    @Test
    void thePlotIsAnImageWithALineAnAlgorithm() throws Exception {
        String svg = text(runner().workers(2).run().manifest(), "report.svg");
        var document =
                DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(new InputSource(new StringReader(svg)));
        assertThat(document.getElementsByTagName("polyline").getLength()).isEqualTo(7);
        assertThat(svg).doesNotContain("NaN").doesNotContain("Infinity");
    }

    @Test
    void anyNumberOfWorkersGivesTheSameReport() throws Exception {
        ArtifactId one = runner().run().artifact();
        assertThat(runner().workers(3).disturbed(5).run().artifact()).isEqualTo(one);
    }

    @Test
    void theRecommendationFollowsTheData() {
        Measurement small = measurement("a", 1000, 3.0, 0, 500);
        Measurement large = measurement("a", 2000, 3.5, 0, 150);
        Measurement rare = measurement("a", 4000, 4.0, 0, 20);
        assertThat(Recommendation.of(List.of(small, large, rare)).vocabularySize())
                .isEqualTo(2000);
        assertThat(Recommendation.of(List.of(rare)).reason()).contains("smallest size");
        Measurement unknowing = measurement("b", 1000, 9.0, 0.05, 500);
        assertThat(Recommendation.of(List.of(unknowing, small)).algorithm()).isEqualTo("a");
        assertThat(Recommendation.of(List.of(unknowing)).reason()).contains("every algorithm");
    }

    private static Measurement measurement(String name, int size, double compression, double unknown, long frequency) {
        TextMeasure text = new TextMeasure(1, 100, 10, 30, compression, 3, unknown, 1);
        return new Measurement(name, size, size, text, 1, frequency, 1, new TreeMap<>());
    }

    @Test
    void aStudyOfTooMuchIsRefused() {
        assertThatThrownBy(
                        () -> StageType.STUDY_TOKENIZER.readSpec(Json.MAPPER.readTree("{\"algorithms\": [\"magic\"]}")))
                .hasMessageContaining("algorithm")
                .hasMessageContaining("magic");
        assertThatThrownBy(() -> StageType.STUDY_TOKENIZER.readSpec(Json.MAPPER.readTree("{\"vocabularySizes\": []}")))
                .hasMessageContaining("vocabularySizes");
    }
}
