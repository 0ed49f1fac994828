package dev.athanor.artifacts.ledger;

import org.jspecify.annotations.Nullable;

/**
 * A line of {@code ledger.jsonl.zst}: where a document of the corpus is from and by what right it is there.
 *
 * @param consent what the page says about being used: {@code not-stated} or {@code allowed}; pages that opt out are kept out
 *     unless the policy says otherwise, and are then {@code opted-out}
 * @param textSha256 hash of the text as ingested, for finding a text
 * @param shard file of the artifact that the document is in
 */
public record LedgerEntry(
        String id,
        String source,
        String uri,
        @Nullable String licence,
        @Nullable String licenceDetected,
        String consent,
        @Nullable String fetchedAt,
        String textSha256,
        String shard) {

    /** Name of the file in a corpus. */
    public static final String FILE = "ledger.jsonl.zst";
}
