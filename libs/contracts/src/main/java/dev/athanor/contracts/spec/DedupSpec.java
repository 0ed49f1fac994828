package dev.athanor.contracts.spec;

import dev.athanor.contracts.artifact.ArtifactId;
import dev.athanor.contracts.error.Checks;
import java.util.List;

/**
 * Copies beyond whole documents. Of equal things the one in the first place (shard, then document, then place in the text)
 * stays.
 *
 * @param urls a document goes where an earlier one has the same canonical URL (host in lower case, no fragment, no default
 *     port, no tracking parameters)
 * @param paragraphs paragraphs (parts between empty lines) that occurred before are taken out
 * @param lines lines that occurred before are taken out
 * @param minCharacters shorter paragraphs and lines stay, however often they occur
 * @param substring runs of so many UTF-8 bytes and more that occurred before are taken out (Lee et al. 2022 use 50 tokens,
 *     about 200 bytes); 0: off
 * @param previous earlier corpora (clean documents), whose documents count as coming first
 */
public record DedupSpec(
        boolean urls, boolean paragraphs, boolean lines, int minCharacters, int substring, List<ArtifactId> previous) {

    public static final DedupSpec DEFAULTS = new DedupSpec(false, false, false, 20, 0, List.of());

    public DedupSpec {
        Checks.range("minCharacters", minCharacters, 1, 1_000_000);
        Checks.that(
                substring == 0 || substring >= 32 && substring <= 100_000,
                "substring",
                substring,
                "0 or an integer from 32 to 100000");
        Checks.present("previous", previous);
        previous = List.copyOf(previous);
        Checks.that(previous.size() <= 1_000, "previous", previous.size(), "at most 1000 corpora");
    }
}
