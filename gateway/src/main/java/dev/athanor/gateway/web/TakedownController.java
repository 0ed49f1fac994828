package dev.athanor.gateway.web;

import dev.athanor.artifacts.ArtifactStore;
import dev.athanor.artifacts.ledger.LedgerEntry;
import dev.athanor.artifacts.ledger.Takedown;
import dev.athanor.contracts.artifact.ArtifactId;
import dev.athanor.gateway.persistence.DeploymentRow;
import dev.athanor.gateway.service.DeploymentService;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** Where a document went: shards, token shards, checkpoints, and the models that answer right now. */
@RestController
@Tag(name = "Artifacts")
class TakedownController {

    private static final int PAGE = 100;

    private final Takedown takedown;
    private final DeploymentService deployments;

    TakedownController(ArtifactStore store, DeploymentService deployments) {
        this.takedown = new Takedown(store);
        this.deployments = deployments;
    }

    /** A variant of a live deployment that serves a model made from the document. */
    record Live(String deployment, long revision, String variant, double weight, ArtifactId bundle) {}

    /**
     * @param entries ledger lines of the document, by corpus
     * @param reached the corpora, then all that was made from them
     * @param live deployments to take down or replace
     */
    record TakedownReport(Map<String, List<LedgerEntry>> entries, List<Takedown.Reached> reached, List<Live> live) {}

    @Operation(
            summary =
                    "Every corpus, checkpoint and live deployment that a document reached, by URL, id, hash or words of its text")
    @GetMapping(path = "/v1/takedown", produces = "application/json")
    TakedownReport find(
            @RequestParam(required = false) @Nullable String url,
            @RequestParam(required = false) @Nullable String id,
            @RequestParam(required = false) @Nullable String textSha256,
            @RequestParam(required = false) @Nullable String passage)
            throws IOException {
        Takedown.Report report = takedown.find(new Takedown.Query(url, id, textSha256, passage));
        Set<ArtifactId> reached =
                report.reached().stream().map(Takedown.Reached::artifact).collect(Collectors.toSet());
        return new TakedownReport(report.entries(), report.reached(), live(reached));
    }

    private List<Live> live(Set<ArtifactId> reached) {
        var live = new ArrayList<Live>();
        String after = null;
        List<DeploymentRow> page;
        do {
            page = deployments.list(after, PAGE);
            for (DeploymentRow row : page) {
                row.desired().variants().stream()
                        .filter(variant -> reached.contains(variant.bundle()))
                        .map(variant -> new Live(
                                row.name(),
                                row.desired().revision(),
                                variant.name(),
                                variant.weight(),
                                variant.bundle()))
                        .forEach(live::add);
                after = row.name();
            }
        } while (page.size() >= PAGE);
        return live;
    }
}
