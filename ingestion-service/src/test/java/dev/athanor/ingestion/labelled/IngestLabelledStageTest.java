package dev.athanor.ingestion.labelled;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.github.luben.zstd.Zstd;
import dev.athanor.artifacts.ArtifactStore;
import dev.athanor.artifacts.LocalArtifactStore;
import dev.athanor.artifacts.shards.LabelledShardReader;
import dev.athanor.contracts.artifact.ArtifactFile;
import dev.athanor.contracts.artifact.Manifest;
import dev.athanor.contracts.document.LabelledExample;
import dev.athanor.contracts.document.Split;
import dev.athanor.contracts.error.AthanorException;
import dev.athanor.contracts.spec.IngestLabelledSpec;
import dev.athanor.ingestion.SharedData;
import dev.athanor.stage.data.DataRoots;
import dev.athanor.stage.testing.StageRunner;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class IngestLabelledStageTest {

    @TempDir
    Path folder;

    private ArtifactStore store() throws IOException {
        return new LocalArtifactStore(folder.resolve("store"));
    }

    private Path set() throws IOException {
        return Files.createDirectories(folder.resolve("set"));
    }

    private void file(String name, String text) throws IOException {
        Files.writeString(set().resolve(name), text);
    }

    private Manifest run(String path, Path root, Map<String, String> labels) throws Exception {
        var spec = new IngestLabelledSpec(path, "text", "label", new TreeMap<>(labels));
        return StageRunner.of(new IngestLabelledStage(new DataRoots(List.of(root))), store())
                .spec(spec)
                .run()
                .manifest();
    }

    private Manifest run(Map<String, String> labels) throws Exception {
        return run(set().toString(), set(), labels);
    }

    private List<LabelledExample> examples(Manifest manifest, Split split) throws IOException {
        List<LabelledExample> examples = new ArrayList<>();
        for (ArtifactFile file : manifest.filesUnder(split.slug() + "/")) {
            try (var reader = new LabelledShardReader(store(), file.blob())) {
                reader.forEach(examples::add);
            }
        }
        return examples;
    }

    @Test
    void readsThreeFormatsAndMapsLabels() throws Exception {
        file("train.csv", "review,sentiment\n\"Good, really\",1\nBad,0\n,1\nOdd,7\n");
        file("dev.tsv", "sentence\tlabel\nfine\t1\n");
        Files.write(
                set().resolve("test.jsonl.zst"),
                Zstd.compress("{\"text\":\"meh\",\"label\":0}\n{broken\n".getBytes(StandardCharsets.UTF_8)));
        Manifest manifest = run(Map.of("0", "negative", "1", "positive"));
        assertThat(examples(manifest, Split.TRAIN))
                .extracting(LabelledExample::text, LabelledExample::label)
                .containsExactly(
                        org.assertj.core.groups.Tuple.tuple("Good, really", "positive"),
                        org.assertj.core.groups.Tuple.tuple("Bad", "negative"));
        assertThat(examples(manifest, Split.VALIDATION))
                .extracting(LabelledExample::text)
                .containsExactly("fine");
        assertThat(examples(manifest, Split.TEST))
                .extracting(LabelledExample::label)
                .containsExactly("negative");
        assertThat(manifest.counts())
                .containsEntry("examples", 4L)
                .containsEntry("examples.train.positive", 1L)
                .containsEntry("examples.dead-letter.no-text", 1L)
                .containsEntry("examples.dead-letter.unmapped-label", 1L)
                .containsEntry("examples.dead-letter.corrupt", 1L)
                .containsEntry("examples.unmapped.7", 1L);
    }

    @Test
    void whatIsMeasuredOnIsNotTrainedOn() throws Exception {
        file("train.csv", "text,label\nA film.,1\nB film.,0\nC film.,0\nC  FILM.,0\n");
        file("dev.csv", "text,label\nb  film.,0\n");
        file("test.csv", "text,label\na film.,1\n");
        Manifest manifest = run(Map.of());
        assertThat(examples(manifest, Split.TRAIN))
                .extracting(LabelledExample::text)
                .containsExactly("C film.", "C  FILM.");
        assertThat(examples(manifest, Split.TRAIN))
                .extracting(LabelledExample::id)
                .doesNotHaveDuplicates();
        assertThat(manifest.counts())
                .containsEntry("examples.dropped.in-test-already", 1L)
                .containsEntry("examples.dropped.in-validation-already", 1L);
    }

    @Test
    void missingSplitsAreMadeByHashAndSaidSo() throws Exception {
        var rows = new StringBuilder("text,label\n");
        for (int i = 0; i < 2000; i++) {
            rows.append("text number ").append(i).append(',').append(i % 2).append('\n');
        }
        file("train.csv", rows.toString());
        Manifest manifest = run(Map.of());
        assertThat(manifest.counts().get("examples.validation")).isBetween(150L, 250L);
        assertThat(manifest.counts().get("examples.test")).isBetween(150L, 250L);
        assertThat(manifest.counts().get("split.by-hash.validation"))
                .isEqualTo(manifest.counts().get("examples.validation"));
        // A row more does not move any other row.
        file("train.csv", "text,label\nnew,1\n" + rows.substring("text,label\n".length()));
        List<String> before =
                examples(manifest, Split.TEST).stream().map(LabelledExample::id).toList();
        assertThat(examples(run(Map.of()), Split.TEST))
                .extracting(LabelledExample::id)
                .containsAll(before);
    }

    @Test
    void unknownColumnsAndFilesAreNamed() throws Exception {
        assertThatThrownBy(() -> run(Map.of()))
                .isInstanceOf(AthanorException.class)
                .hasMessageContaining("path")
                .hasMessageContaining("train, dev");
        file("train.csv", "words,mood\nfine,1\n");
        assertThatThrownBy(() -> run(Map.of()))
                .isInstanceOf(AthanorException.class)
                .hasMessageContaining("textColumn")
                .hasMessageContaining("[mood, words]");
    }

    @Test
    void readsSst2AndSst5AsTheyLie() throws Exception {
        Path sst = SharedData.folder("sst");
        Manifest two = run(sst + "/sst2", sst, Map.of("0", "negative", "1", "positive"));
        assertThat(two.counts()).containsEntry("examples.test", 1821L).containsEntry("examples.validation", 872L);
        assertThat(two.counts().get("examples.train")).isBetween(6850L, 6920L);
        assertThat(examples(two, Split.VALIDATION))
                .allSatisfy(e -> assertThat(e.label()).isIn("negative", "positive"));
        Manifest three = run(
                sst + "/sst5",
                sst,
                Map.of("0", "negative", "1", "negative", "2", "neutral", "3", "positive", "4", "positive"));
        assertThat(three.counts()).containsEntry("examples.test", 2210L).containsKey("examples.test.neutral");
    }

    @Test
    void readsImdbAsItLies() throws Exception {
        Path imdb = SharedData.folder("imdb");
        Manifest manifest = run(imdb.toString(), imdb, Map.of("0", "negative", "1", "positive"));
        assertThat(manifest.counts().get("examples.test")).isBetween(24_990L, 25_000L);
        assertThat(manifest.counts().get("split.by-hash.validation")).isBetween(2_300L, 2_700L);
    }

    @Test
    void readsTweetEvalAsItLies() throws Exception {
        Path tweets = SharedData.folder("tweeteval_sentiment");
        Manifest manifest = run(tweets.toString(), tweets, Map.of());
        assertThat(manifest.counts()).containsKeys("examples.test.neutral", "split.by-hash.train");
        assertThat(manifest.counts().get("examples.test")).isBetween(12_200L, 12_284L);
    }
}
