package dev.athanor.artifacts.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.github.luben.zstd.Zstd;
import dev.athanor.artifacts.ArtifactStore;
import dev.athanor.artifacts.LocalArtifactStore;
import dev.athanor.contracts.artifact.ArtifactFile;
import dev.athanor.contracts.artifact.ArtifactId;
import dev.athanor.contracts.artifact.ArtifactKind;
import dev.athanor.contracts.artifact.Manifest;
import dev.athanor.contracts.error.AthanorException;
import dev.athanor.contracts.json.Json;
import dev.athanor.contracts.spec.IngestPolicy;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LedgerCheckTest {

    private static final IngestPolicy ANY = new IngestPolicy(List.of(), false);
    private static final IngestPolicy FREE = new IngestPolicy(List.of("CC0-1.0"), true);

    @TempDir
    Path folder;

    private ArtifactStore store;

    @BeforeEach
    void open() throws IOException {
        store = new LocalArtifactStore(folder.resolve("store"));
    }

    @Test
    void aViolationAnywhereBehindAnArtifactIsNamed() throws IOException {
        ArtifactId free = corpus(entry("a", "CC0-1.0", "not-stated"));
        ArtifactId mixed = corpus(entry("b", "CC0-1.0", "allowed"), entry("c", null, "not-stated"));
        ArtifactId closed = corpus(entry("d", "CC0-1.0", "opted-out"));
        assertThatCode(() -> LedgerCheck.require(store, made(Map.of("documents", free), List.of()), "policy", FREE))
                .doesNotThrowAnyException();
        ArtifactId tokens = made(Map.of("documents", made(Map.of("documents", mixed), List.of())), List.of());
        assertThatThrownBy(() -> LedgerCheck.require(store, tokens, "policy", FREE))
                .isInstanceOf(AthanorException.class)
                .hasMessageContaining("policy")
                .hasMessageContaining("1 documents")
                .hasMessageContaining("c (licence unknown)");
        assertThatCode(() -> LedgerCheck.require(store, tokens, "policy", IngestPolicy.DEFAULTS))
                .doesNotThrowAnyException();
        // A corpus that was mixed in is named in the specification only.
        ArtifactId mixture = made(Map.of("documents", free), List.of(closed));
        assertThatThrownBy(() -> LedgerCheck.require(store, mixture, "policy", IngestPolicy.DEFAULTS))
                .hasMessageContaining("d (opted out)");
        assertThatCode(() -> LedgerCheck.require(store, mixture, "policy", ANY)).doesNotThrowAnyException();
    }

    @Test
    void whatCannotBeShownIsRefusedWhereLicencesAreAsked() throws IOException {
        ArtifactId bare = publish(ArtifactKind.RAW_DOCUMENTS, Map.of(), List.of(), List.of());
        assertThatThrownBy(() -> LedgerCheck.require(store, bare, "policy", FREE))
                .hasMessageContaining("no ledger");
        ArtifactId orphan = made(Map.of("documents", ArtifactId.ofSha256("0".repeat(64))), List.of());
        assertThatThrownBy(() -> LedgerCheck.require(store, orphan, "policy", FREE))
                .hasMessageContaining("not in the store");
        assertThatCode(() -> LedgerCheck.require(store, orphan, "policy", IngestPolicy.DEFAULTS))
                .doesNotThrowAnyException();
    }

    @Test
    void takedownReachesWhatWasMixedIn() throws IOException {
        ArtifactId one = corpus(entry("a", null, "not-stated"));
        ArtifactId other = corpus(entry("b", null, "not-stated"));
        ArtifactId mixture = made(Map.of("documents", one), List.of(other));
        Takedown.Report report = new Takedown(store).find(new Takedown.Query("b", null, null, null));
        assertThat(report.reached()).extracting(Takedown.Reached::artifact).containsExactly(other, mixture);
    }

    private static LedgerEntry entry(String uri, @Nullable String licence, String consent) {
        return new LedgerEntry(uri, "source", uri, licence, null, consent, null, "0", "shard");
    }

    private ArtifactId corpus(LedgerEntry... entries) throws IOException {
        var lines = new StringBuilder();
        for (LedgerEntry entry : entries) {
            lines.append(Json.MAPPER.writeValueAsString(entry)).append('\n');
        }
        byte[] bytes = Zstd.compress(lines.toString().getBytes(StandardCharsets.UTF_8));
        return publish(
                ArtifactKind.RAW_DOCUMENTS,
                Map.of(),
                List.of(),
                List.of(new ArtifactFile(LedgerEntry.FILE, store.put(bytes))));
    }

    private ArtifactId made(Map<String, ArtifactId> inputs, List<ArtifactId> also) throws IOException {
        return publish(ArtifactKind.CLEAN_DOCUMENTS, inputs, also, List.of());
    }

    private ArtifactId publish(
            ArtifactKind kind, Map<String, ArtifactId> inputs, List<ArtifactId> also, List<ArtifactFile> files)
            throws IOException {
        return store.publish(new Manifest(
                kind,
                1,
                files,
                new TreeMap<>(),
                new TreeMap<>(inputs),
                Json.tree(Map.of("also", also)),
                1,
                "test",
                List.of()));
    }
}
