package dev.athanor.artifacts.ledger;

import com.github.luben.zstd.ZstdInputStream;
import dev.athanor.artifacts.ArtifactStore;
import dev.athanor.contracts.artifact.ArtifactId;
import dev.athanor.contracts.artifact.ArtifactKind;
import dev.athanor.contracts.artifact.Manifest;
import dev.athanor.contracts.error.AthanorException;
import dev.athanor.contracts.error.ErrorCode;
import dev.athanor.contracts.json.Json;
import dev.athanor.contracts.spec.IngestPolicy;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Refuses work on data whose ledgers violate a policy. All corpora that went into an artifact are looked at; documents that were dropped
 * on the way count as well, because a ledger does not know of that.
 */
public final class LedgerCheck {

    private static final int MAX_EXAMPLES = 3;

    private LedgerCheck() {}

    /**
     * @param field name of the policy in the specification
     * @throws AthanorException INVALID_SPEC naming the field, how many documents violate it, and some of them
     */
    public static void require(ArtifactStore store, ArtifactId artifact, String field, IngestPolicy policy)
            throws IOException {
        if (policy.allowedLicences().isEmpty() && !policy.honourOptOuts()) {
            return;
        }
        long violations = 0;
        var examples = new ArrayList<String>();
        for (Manifest corpus : corpora(store, artifact, field, policy)) {
            if (!corpus.filesUnder(LedgerEntry.FILE).isEmpty()) {
                violations += violations(store, corpus, policy, examples);
            } else if (!policy.allowedLicences().isEmpty()) {
                throw refusal(field, policy, "corpus " + corpus.id() + " has no ledger");
            }
        }
        if (violations > 0) {
            throw refusal(field, policy, violations + " documents violate it, e.g. " + String.join("; ", examples));
        }
    }

    /** The ingested corpora among the ancestors. One that is not in the store any more is excused by a policy that allows all licences. */
    private static List<Manifest> corpora(ArtifactStore store, ArtifactId artifact, String field, IngestPolicy policy)
            throws IOException {
        var corpora = new ArrayList<Manifest>();
        var seen = new HashSet<>(Set.of(artifact));
        var queue = new ArrayDeque<>(seen);
        for (ArtifactId id = queue.poll(); id != null; id = queue.poll()) {
            try {
                Manifest manifest = store.manifest(id);
                if (manifest.kind() == ArtifactKind.RAW_DOCUMENTS) {
                    corpora.add(manifest);
                }
                manifest.madeOf().stream().filter(seen::add).forEach(queue::add);
            } catch (AthanorException e) {
                if (e.code() != ErrorCode.NOT_FOUND) {
                    throw e;
                }
                if (!policy.allowedLicences().isEmpty()) {
                    throw refusal(field, policy, "artifact " + id + ", of which it was made, is not in the store");
                }
            }
        }
        return corpora;
    }

    private static AthanorException refusal(String field, IngestPolicy policy, String fault) {
        String wanted = "data that keep the policy (licences "
                + (policy.allowedLicences().isEmpty() ? "any" : policy.allowedLicences())
                + (policy.honourOptOuts() ? ", no opt-outs)" : ")");
        return AthanorException.invalidSpec(field, fault, wanted);
    }

    private static long violations(ArtifactStore store, Manifest corpus, IngestPolicy policy, List<String> examples)
            throws IOException {
        long violations = 0;
        try (var lines = new BufferedReader(new InputStreamReader(
                new ZstdInputStream(store.open(corpus.file(LedgerEntry.FILE))), StandardCharsets.UTF_8))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                LedgerEntry entry = Json.MAPPER.readValue(line, LedgerEntry.class);
                String fault = fault(entry, policy);
                if (fault != null) {
                    violations++;
                    if (examples.size() < MAX_EXAMPLES) {
                        examples.add(entry.uri() + " (" + fault + ")");
                    }
                }
            }
        }
        return violations;
    }

    private static @Nullable String fault(LedgerEntry entry, IngestPolicy policy) {
        if (policy.honourOptOuts() && entry.consent().equals("opted-out")) {
            return "opted out";
        }
        if (!policy.allows(entry.licence())) {
            return "licence " + (entry.licence() == null ? IngestPolicy.UNKNOWN : entry.licence());
        }
        String detected = entry.licenceDetected();
        return detected == null || policy.allows(detected) ? null : "detected licence " + detected;
    }
}
