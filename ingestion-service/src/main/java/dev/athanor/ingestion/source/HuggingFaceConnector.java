package dev.athanor.ingestion.source;

import dev.athanor.contracts.spec.SourceSpec;
import dev.athanor.ingestion.format.Licences;
import dev.athanor.ingestion.http.Fetched;
import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Data sets of the Hugging Face Hub (https://huggingface.co/docs/hub/api): the revision is resolved to a commit, the files
 * of that commit are listed and each is read. The licence is that of the data set's card.
 */
final class HuggingFaceConnector implements Connector<SourceSpec.HuggingFace> {

    private static final Pattern DATA =
            Pattern.compile(".*\\.(parquet|jsonl|json|ndjson|csv|tsv|txt)(\\.(gz|zst|bz2))?");
    private static final Pattern NEXT = Pattern.compile("<([^>]+)>;\\s*rel=\"next\"");
    private static final int MAX_PAGES = 1000;

    private final Endpoints endpoints;
    private final Secrets secrets;

    HuggingFaceConnector(Endpoints endpoints, Secrets secrets) {
        this.endpoints = endpoints;
        this.secrets = secrets;
    }

    @Override
    public Class<SourceSpec.HuggingFace> spec() {
        return SourceSpec.HuggingFace.class;
    }

    @Override
    public List<Item> seeds(SourceSpec.HuggingFace source) {
        return List.of(Item.of(
                endpoints.huggingFace() + "/api/datasets/" + source.dataset() + "/revision/"
                        + Query.encode(source.revision()),
                Map.of("kind", "revision")));
    }

    @Override
    public void read(SourceSpec.HuggingFace source, Item item, Reading reading)
            throws IOException, InterruptedException {
        if (item.fact("kind").equals("revision")) {
            list(source, item, reading);
            return;
        }
        Fetched file = reading.fetch(item.uri(), secrets.bearer("hugging-face"));
        String path = item.fact("path");
        String licence = item.fact("licence");
        reading.file(
                Reading.Known.of(file)
                        .withUri(item.uri())
                        .withName(path.substring(path.lastIndexOf('/') + 1))
                        .withLicence(licence.isEmpty() ? null : licence),
                file.file());
    }

    private void list(SourceSpec.HuggingFace source, Item item, Reading reading)
            throws IOException, InterruptedException {
        JsonNode info = Query.json(reading.fetch(item.uri(), secrets.bearer("hugging-face")));
        String commit = Query.at(info, "sha");
        String licence = licence(info);
        List<PathMatcher> wanted = source.files().stream()
                .map(glob -> FileSystems.getDefault().getPathMatcher("glob:" + glob))
                .toList();
        String page =
                endpoints.huggingFace() + "/api/datasets/" + source.dataset() + "/tree/" + commit + "?recursive=true";
        for (int i = 0; i < MAX_PAGES && !page.isEmpty(); i++) {
            reading.checkStop();
            Fetched answer = reading.fetch(page, secrets.bearer("hugging-face"));
            for (JsonNode file : Query.json(answer)) {
                String path = Query.at(file, "path");
                boolean match = wanted.isEmpty()
                        ? DATA.matcher(path).matches()
                        : wanted.stream().anyMatch(m -> m.matches(Path.of(path)));
                if (Query.at(file, "type").equals("file") && match) {
                    reading.found(file(source, commit, path, file.path("size").asLong(0), licence));
                }
            }
            page = Query.next(next(answer.header("link")), endpoints.huggingFace());
        }
    }

    private Item file(SourceSpec.HuggingFace source, String commit, String path, long size, @Nullable String licence) {
        var facts = new TreeMap<>(Map.of("path", path));
        if (licence != null) {
            facts.put("licence", licence);
        }
        return new Item(
                endpoints.huggingFace() + "/datasets/" + source.dataset() + "/resolve/" + commit + "/"
                        + Query.encodePath(path),
                Math.max(0, size),
                facts);
    }

    /** A card names one licence or several; several are kept as a choice. */
    private static @Nullable String licence(JsonNode info) {
        JsonNode licence = info.path("cardData").path("license");
        List<String> all = new ArrayList<>();
        for (JsonNode one : licence.isArray() ? licence : List.of(licence)) {
            String name = Licences.normalize(one.asString(""));
            if (name != null) {
                all.add(name);
            }
        }
        if (all.isEmpty()) {
            // Old cards have none; the Hub's tags may.
            info.path("tags").forEach(tag -> licenceTag(tag.asString(""), all));
        }
        String other = Query.at(info, "cardData", "license_name");
        return all.isEmpty()
                ? null
                : all.equals(List.of("other")) && !other.isEmpty() ? other : String.join(" OR ", all);
    }

    private static void licenceTag(String tag, List<String> all) {
        String name = tag.startsWith("license:") ? Licences.normalize(tag.substring("license:".length())) : null;
        if (name != null) {
            all.add(name);
        }
    }

    private static @Nullable String next(@Nullable String link) {
        Matcher next = NEXT.matcher(link == null ? "" : link);
        return next.find() ? next.group(1) : null;
    }
}
