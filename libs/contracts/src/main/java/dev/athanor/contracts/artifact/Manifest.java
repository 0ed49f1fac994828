package dev.athanor.contracts.artifact;

import dev.athanor.contracts.error.Checks;
import dev.athanor.contracts.json.Json;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;

/**
 * What an artifact is and where it came from. Everything in it is a pure function of (inputs, spec, seed): no clock, no
 * host, no job id. Its canonical JSON is hashed to give the artifact's id, so equal work has equal ids.
 *
 * @param schemaVersion version of the layout of the files of this kind
 * @param files sorted by name
 * @param counts e.g. {@code documents}, {@code tokens}, {@code dropped.too-short}
 * @param inputs role to artifact (the edges of the lineage graph)
 * @param spec the stage's specification with defaults filled in
 * @param producer the stage type and the version of the code that made it
 * @param licences licences of the documents that went in, sorted
 */
public record Manifest(
        ArtifactKind kind,
        int schemaVersion,
        List<ArtifactFile> files,
        SortedMap<String, Long> counts,
        SortedMap<String, ArtifactId> inputs,
        JsonNode spec,
        long seed,
        String producer,
        List<String> licences) {

    public Manifest {
        Checks.present("kind", kind);
        Checks.range("schemaVersion", schemaVersion, 1, 1_000);
        Checks.notBlank("producer", producer);
        files = files.stream().sorted(Comparator.comparing(ArtifactFile::name)).toList();
        Checks.that(
                files.stream().map(ArtifactFile::name).distinct().count() == files.size(),
                "files",
                null,
                "distinct file names");
        counts = new TreeMap<>(counts);
        inputs = new TreeMap<>(inputs);
        licences = licences.stream().distinct().sorted().toList();
    }

    public ArtifactId id() {
        return ArtifactId.ofSha256(Json.sha256Hex(Json.canonicalBytes(this)));
    }

    /** The artifacts whose content is in this one: the inputs, and further corpora that the specification names in {@code also}. */
    public List<ArtifactId> madeOf() {
        var all = new ArrayList<>(inputs.values());
        for (JsonNode also : spec.path("also")) {
            if (also.isString() && ArtifactId.FORMAT.matcher(also.asString()).matches()) {
                all.add(new ArtifactId(also.asString()));
            }
        }
        return all;
    }

    public long sizeBytes() {
        return files.stream().mapToLong(f -> f.blob().size()).sum();
    }

    public BlobRef file(String name) {
        return files.stream()
                .filter(f -> f.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(
                        "artifact of kind " + kind.slug() + " has no file '" + name + "', only "
                                + files.stream().map(ArtifactFile::name).toList()))
                .blob();
    }

    /** Files whose name starts with the prefix, in order of name. */
    public List<ArtifactFile> filesUnder(String prefix) {
        return files.stream().filter(f -> f.name().startsWith(prefix)).toList();
    }

    /** Counts with a common prefix, e.g. {@code dropped.}; the prefix is taken off. */
    public Map<String, Long> countsUnder(String prefix) {
        var under = new TreeMap<String, Long>();
        counts.forEach((k, v) -> {
            if (k.startsWith(prefix)) {
                under.put(k.substring(prefix.length()), v);
            }
        });
        return under;
    }
}
