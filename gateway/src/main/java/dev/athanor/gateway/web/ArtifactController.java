package dev.athanor.gateway.web;

import dev.athanor.artifacts.ArtifactStore;
import dev.athanor.artifacts.Lineage;
import dev.athanor.contracts.artifact.ArtifactFile;
import dev.athanor.contracts.artifact.ArtifactId;
import dev.athanor.contracts.artifact.Manifest;
import dev.athanor.contracts.error.AthanorException;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.io.IOException;
import java.util.List;
import java.util.SortedMap;
import org.springframework.core.io.InputStreamResource;
import org.springframework.http.CacheControl;
import org.springframework.http.ContentDisposition;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** Artifacts: manifests, where they came from, and their files. */
@RestController
@RequestMapping("/v1/artifacts/{id}")
@Tag(name = "Artifacts")
class ArtifactController {

    private final ArtifactStore store;

    ArtifactController(ArtifactStore store) {
        this.store = store;
    }

    record ArtifactView(ArtifactId id, long sizeBytes, Manifest manifest) {}

    /** @param inputs role to artifact: the edges of the graph */
    record LineageNode(
            ArtifactId id,
            String kind,
            String producer,
            long seed,
            long sizeBytes,
            SortedMap<String, ArtifactId> inputs) {}

    record LineageView(ArtifactId root, List<LineageNode> nodes) {}

    @Operation(summary = "An artifact's manifest")
    @GetMapping(produces = "application/json")
    ArtifactView get(@PathVariable String id) throws IOException {
        Manifest manifest = store.manifest(idOf(id));
        return new ArtifactView(idOf(id), manifest.sizeBytes(), manifest);
    }

    @Operation(summary = "Everything that an artifact was made of")
    @GetMapping(path = "/lineage", produces = "application/json")
    LineageView lineage(@PathVariable String id) throws IOException {
        Lineage lineage = Lineage.of(store, idOf(id));
        return new LineageView(
                lineage.root(),
                lineage.nodes().stream()
                        .map(n -> new LineageNode(
                                n.id(),
                                n.manifest().kind().slug(),
                                n.manifest().producer(),
                                n.manifest().seed(),
                                n.manifest().sizeBytes(),
                                n.manifest().inputs()))
                        .toList());
    }

    @Operation(summary = "One file of an artifact, e.g. report.json or model.onnx")
    @GetMapping("/files/{*name}")
    ResponseEntity<InputStreamResource> file(@PathVariable String id, @PathVariable String name) throws IOException {
        String wanted = name.substring(1);
        ArtifactFile file = store.manifest(idOf(id)).files().stream()
                .filter(f -> f.name().equals(wanted))
                .findFirst()
                .orElseThrow(() -> AthanorException.notFound("file of artifact " + id, wanted));
        // Models have gigabytes: streamed, and cut off where the bytes prove to be damaged.
        return ResponseEntity.ok()
                .contentType(typeOf(wanted))
                .contentLength(file.blob().size())
                .header(
                        HttpHeaders.CONTENT_DISPOSITION,
                        ContentDisposition.attachment()
                                .filename(wanted.substring(wanted.lastIndexOf('/') + 1))
                                .build()
                                .toString())
                .eTag(file.blob().sha256())
                .cacheControl(CacheControl.maxAge(java.time.Duration.ofDays(365))
                        .cachePrivate()
                        .immutable())
                .body(new InputStreamResource(() -> store.open(file.blob())));
    }

    private static MediaType typeOf(String name) {
        if (name.endsWith(".json")) {
            return MediaType.APPLICATION_JSON;
        }
        return name.endsWith(".txt") || name.endsWith(".md")
                ? new MediaType(MediaType.TEXT_PLAIN, java.nio.charset.StandardCharsets.UTF_8)
                : MediaType.APPLICATION_OCTET_STREAM;
    }

    static ArtifactId idOf(String id) {
        Page.requireParameter(
                ArtifactId.FORMAT.matcher(id).matches(), "id", id, "'sha256:' and 64 lower-case hex digits");
        return new ArtifactId(id);
    }
}
