package dev.athanor.contracts.spec;

import dev.athanor.contracts.artifact.ArtifactId;
import dev.athanor.contracts.error.Checks;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * {@code preprocessing.mix}: clean documents to a mixture of given shares. A document belongs to the first group that it fits;
 * those that fit none are the group {@code rest}.
 *
 * @param also further corpora (clean documents) that are mixed in
 * @param restWeight of the documents that no group takes; 0 leaves them out
 * @param restMaxEpochs how often those may be repeated at most
 * @param characters size of the mixture; 0: as large as the caps of the groups allow with the shares exactly kept
 */
public record MixSpec(
        List<ArtifactId> also, List<Group> groups, double restWeight, double restMaxEpochs, long characters) {

    private static final Pattern NAME = Pattern.compile("[a-z0-9][a-z0-9-]{0,62}");

    public static final MixSpec DEFAULTS = new MixSpec(List.of(), List.of(), 1, 1, 0);

    /**
     * Documents that fit all that is given.
     *
     * @param name part of counters' names: {@code mixed.<name>.documents}
     * @param source as in the document, or null for any
     * @param domain host of the URL, or a domain above it; null for any
     * @param language BCP 47, or null for any
     * @param weight share of the mixture's characters, relative to the other groups' weights; 0 leaves the group out
     * @param maxEpochs how often a document may occur at most; 1 or less only samples
     */
    public record Group(
            String name,
            @Nullable String source,
            @Nullable String domain,
            @Nullable String language,
            double weight,
            @Nullable Double maxEpochs) {
        public Group {
            Checks.matches("name", name, NAME, "lower-case letters, digits and hyphens, at most 63");
            Checks.that(!name.equals("rest"), "name", name, "another name: the rest is what fits no group");
            Checks.range("weight", weight, 0, 1e9);
            maxEpochs = maxEpochs == null ? 1.0 : maxEpochs;
            Checks.range("maxEpochs", maxEpochs, 0.000001, 1_000);
        }
    }

    public MixSpec {
        Checks.present("also", also);
        also = List.copyOf(also);
        Checks.that(also.size() <= 1_000, "also", also.size(), "at most 1000 corpora");
        Checks.present("groups", groups);
        groups = List.copyOf(groups);
        Checks.that(groups.size() <= 1_000, "groups", groups.size(), "at most 1000 groups");
        Checks.that(
                groups.stream().map(Group::name).distinct().count() == groups.size(),
                "groups",
                groups.stream().map(Group::name).toList(),
                "distinct names");
        Checks.range("restWeight", restWeight, 0, 1e9);
        Checks.range("restMaxEpochs", restMaxEpochs, 0.000001, 1_000);
        Checks.range("characters", characters, 0, Long.MAX_VALUE);
        Checks.that(
                restWeight > 0 || groups.stream().anyMatch(g -> g.weight() > 0), "groups", null, "some weight above 0");
    }
}
