package dev.athanor.artifacts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.athanor.contracts.artifact.ArtifactFile;
import dev.athanor.contracts.artifact.ArtifactId;
import dev.athanor.contracts.artifact.ArtifactKind;
import dev.athanor.contracts.artifact.BlobRef;
import dev.athanor.contracts.artifact.Manifest;
import dev.athanor.contracts.error.AthanorException;
import dev.athanor.contracts.error.ErrorCode;
import dev.athanor.contracts.json.Json;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What every store promises; one subclass a store. */
abstract class ArtifactStoreContract {

    @TempDir
    Path folder;

    private ArtifactStore store;

    /** The same store each time, seen by another process: nothing is remembered but what was stored. */
    abstract ArtifactStore openStore() throws IOException;

    /** Changes stored bytes of the blob behind the store's back, keeping the size. */
    abstract void damage(BlobRef blob) throws IOException;

    private ArtifactStore store() throws IOException {
        if (store == null) {
            store = openStore();
        }
        return store;
    }

    private void reopen() throws IOException {
        store().close();
        store = openStore();
    }

    @AfterEach
    void closeStore() throws IOException {
        store().close();
    }

    private static byte[] bytes(int size, long seed) {
        byte[] bytes = new byte[size];
        new Random(seed).nextBytes(bytes);
        return bytes;
    }

    private Path file(String name, byte[] bytes) throws IOException {
        return Files.write(folder.resolve(name), bytes);
    }

    private static byte[] read(ArtifactStore from, BlobRef blob) throws IOException {
        try (InputStream in = from.open(blob)) {
            return in.readAllBytes();
        }
    }

    private static ErrorCode refusal(Callable<?> call) {
        AthanorException e = catchThrowableOfType(AthanorException.class, call::call);
        assertThat(e).as("an AthanorException is thrown").isNotNull();
        return e.code();
    }

    private static Manifest manifest(Map<String, ArtifactId> inputs, ArtifactFile... files) {
        return new Manifest(
                ArtifactKind.REPORT,
                1,
                List.of(files),
                new TreeMap<>(Map.of("documents", 3L)),
                new TreeMap<>(inputs),
                Json.MAPPER.readTree("{\"rate\":0.1,\"deep\":{\"b\":1,\"a\":[1,2.5,null]}}"),
                7,
                "evaluation.perplexity@test",
                List.of("CC0-1.0"));
    }

    @Test
    void bytesComeBackFromArrayAndFileAlike() throws IOException {
        byte[] bytes = bytes(100_000, 1);
        BlobRef fromArray = store().put(bytes);
        BlobRef fromFile = store().put(file("same", bytes));
        assertThat(fromFile).isEqualTo(fromArray).isEqualTo(new BlobRef(Json.sha256Hex(bytes), bytes.length));
        reopen();
        assertThat(read(store(), fromArray)).isEqualTo(bytes);
        assertThat(store().local(fromArray)).hasBinaryContent(bytes);
        assertThat(store().local(fromArray)).isEqualTo(store().local(fromArray));
    }

    @Test
    void allArtifactsAreListed() throws IOException {
        assertThat(store().artifacts()).isEmpty();
        ArtifactId one = store().publish(manifest(Map.of()));
        ArtifactId two = store().publish(manifest(Map.of("from", one)));
        assertThat(store().artifacts()).containsExactlyInAnyOrder(one, two);
    }

    @Test
    void anEmptyBlobIsABlob() throws IOException {
        BlobRef empty = store().put(new byte[0]);
        reopen();
        assertThat(read(store(), empty)).isEmpty();
        assertThat(store().local(empty)).isEmptyFile();
    }

    @Test
    void aBigFileIsStoredInParts() throws IOException {
        byte[] bytes = bytes((int) S3Objects.MULTIPART_FROM + 5_000_001, 2);
        BlobRef blob = store().put(file("big", bytes));
        reopen();
        assertThat(Json.sha256Hex(read(store(), blob))).isEqualTo(blob.sha256());
        assertThat(store().put(bytes)).isEqualTo(blob);
    }

    @Test
    void aDamagedBlobIsNeverServed() throws IOException {
        BlobRef streamed = store().put(bytes(70_000, 3));
        BlobRef mapped = store().put(bytes(70_000, 4));
        store().close();
        damage(streamed);
        damage(mapped);
        store = openStore();
        assertThat(refusal(() -> read(store, streamed))).isEqualTo(ErrorCode.ARTIFACT_CORRUPT);
        assertThat(refusal(() -> store.local(mapped))).isEqualTo(ErrorCode.ARTIFACT_CORRUPT);
    }

    @Test
    void anUnknownBlobIsNotFound() throws IOException {
        BlobRef unknown = new BlobRef("0".repeat(64), 5);
        assertThat(refusal(() -> read(store(), unknown))).isEqualTo(ErrorCode.NOT_FOUND);
        assertThat(refusal(() -> store().local(unknown))).isEqualTo(ErrorCode.NOT_FOUND);
        assertThat(refusal(() -> store().publish(manifest(Map.of(), new ArtifactFile("report.json", unknown)))))
                .isEqualTo(ErrorCode.NOT_FOUND);
        assertThat(refusal(() -> store().manifest(ArtifactId.ofSha256("0".repeat(64)))))
                .isEqualTo(ErrorCode.NOT_FOUND);
    }

    @Test
    void aManifestComesBackEqualAndPublishingItAgainChangesNothing() throws IOException {
        Manifest manifest = manifest(Map.of(), new ArtifactFile("report.json", store().put(bytes(10, 5))));
        ArtifactId id = store().publish(manifest);
        assertThat(store().publish(manifest)).isEqualTo(id).isEqualTo(manifest.id());
        reopen();
        Manifest back = store().manifest(id);
        assertThat(back).isEqualTo(manifest);
        assertThat(back.id()).isEqualTo(id);
    }

    @Test
    void lineageLeadsBackToTheSourcesEachOnce() throws IOException {
        ArtifactFile file = new ArtifactFile("a", store().put(bytes(10, 6)));
        ArtifactId raw = store().publish(manifest(Map.of(), file));
        ArtifactId left = store().publish(manifest(Map.of("left", raw), file));
        ArtifactId right = store().publish(manifest(Map.of("right", raw), file));
        ArtifactId top = store().publish(manifest(Map.of("a", left, "b", right), file));
        assertThat(Lineage.of(store(), top).nodes())
                .extracting(Lineage.Node::id)
                .containsExactly(top, left, right, raw);
    }

    @Test
    void manyWritersOfTheSameBytesAgree() throws Exception {
        byte[] bytes = bytes(200_000, 7);
        ArtifactStore shared = store();
        try (var threads = Executors.newFixedThreadPool(8)) {
            Callable<BlobRef> put = () -> shared.put(bytes);
            List<Future<BlobRef>> puts = threads.invokeAll(Collections.nCopies(16, put));
            for (Future<BlobRef> done : puts) {
                assertThat(done.get().sha256()).isEqualTo(Json.sha256Hex(bytes));
            }
        }
        reopen();
        assertThat(read(store(), new BlobRef(Json.sha256Hex(bytes), bytes.length)))
                .isEqualTo(bytes);
    }

    @Test
    void scratchFilesOutliveTheProcessAndAreReplacedListedAndCleared() throws IOException {
        Scratch scratch = store().scratch("job/stage/1/0-3");
        scratch.put("checkpoint/step-1", file("one", bytes(50, 8)));
        scratch.put("checkpoint/step-2", file("two", bytes(60, 9)));
        scratch.put("checkpoint/step-1", file("three", bytes(70, 10)));
        scratch.put("state", file("four", bytes(0, 11)));
        reopen();
        scratch = store().scratch("job/stage/1/0-3");
        assertThat(scratch.list("")).containsExactly("checkpoint/step-1", "checkpoint/step-2", "state");
        assertThat(scratch.list("checkpoint/")).hasSize(2);
        Path back = folder.resolve("back");
        scratch.get("checkpoint/step-1", back);
        assertThat(back).hasBinaryContent(bytes(70, 10));
        scratch.delete("state");
        assertThat(scratch.list("")).hasSize(2);
        Scratch gone = scratch;
        assertThat(refusal(() -> {
                    gone.get("state", folder.resolve("no"));
                    return null;
                }))
                .isEqualTo(ErrorCode.NOT_FOUND);
        store().scratch("job/stage/10/0-0").put("other", file("five", bytes(5, 12)));
        store().scratch("job/stage/1").clear();
        assertThat(scratch.list("")).isEmpty();
        assertThat(store().scratch("job/stage/10/0-0").list("")).containsExactly("other");
    }

    @Test
    void scratchPathsCannotLeadOut() throws IOException {
        for (String bad :
                List.of("..", "../x", "a/../../x", "/etc/passwd", "a//b", "", ".hidden", "a\\b", "a\u0000b")) {
            assertThatThrownBy(() -> store().scratch(bad)).isInstanceOf(AthanorException.class);
            assertThatThrownBy(() -> store().scratch("ok").delete(bad)).isInstanceOf(AthanorException.class);
        }
    }
}
