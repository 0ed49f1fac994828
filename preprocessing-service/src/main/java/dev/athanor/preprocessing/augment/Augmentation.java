package dev.athanor.preprocessing.augment;

import dev.athanor.artifacts.ArtifactStore;
import dev.athanor.contracts.json.Json;
import dev.athanor.contracts.spec.AugmentSpec;
import dev.athanor.preprocessing.words.HashedWords;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.SortedMap;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * The new texts of each text, and the rules that all of them must pass. Chance depends on seed, id and copy alone, so it does not matter
 * who augments what. One thread.
 */
final class Augmentation implements AutoCloseable {

    /** @param copy from 0 */
    record Row(String method, int copy, String text) {}

    private final AugmentSpec spec;
    private final long seed;
    private final List<Augmenter> augmenters = new ArrayList<>();
    private final List<JsonService> services = new ArrayList<>();
    private final SortedMap<String, Long> counts = new TreeMap<>();
    private final HashedWords words = new HashedWords();
    private @Nullable Synonyms synonyms;

    Augmentation(AugmentSpec spec, long seed, ArtifactStore store, UnaryOperator<@Nullable String> environment)
            throws IOException {
        this.spec = spec;
        this.seed = seed;
        for (String method : spec.methods()) {
            augmenters.add(augmenter(method, store, environment));
        }
    }

    private Augmenter augmenter(String method, ArtifactStore store, UnaryOperator<@Nullable String> environment)
            throws IOException {
        return switch (method) {
            case "synonym" -> new EditAugmenter(EditAugmenter.Edit.SYNONYM, spec.rate(), synonyms());
            case "embedding" ->
                new EditAugmenter(
                        EditAugmenter.Edit.SYNONYM,
                        spec.rate(),
                        NearestWords.load(store, Objects.requireNonNull(spec.embedding())));
            case "insert" -> new EditAugmenter(EditAugmenter.Edit.INSERT, spec.rate(), synonyms());
            case "delete" -> new EditAugmenter(EditAugmenter.Edit.DELETE, spec.rate(), synonyms());
            case "swap" -> new EditAugmenter(EditAugmenter.Edit.SWAP, spec.rate(), synonyms());
            case "back-translation" ->
                new BackTranslation(
                        spec.translation().provider().equals("generation")
                                ? new GeneratedTranslation(
                                        service("GENERATION", method, environment), spec.generation())
                                : new TranslationService(service("TRANSLATION", method, environment)),
                        spec.translation());
            case "generation" -> new Generation(service("GENERATION", method, environment), spec.generation());
            default -> throw new IllegalArgumentException("no method '" + method + "'");
        };
    }

    private Synonyms synonyms() {
        Synonyms opened = synonyms;
        if (opened == null) {
            opened = new Synonyms();
            synonyms = opened;
        }
        return opened;
    }

    private JsonService service(String name, String method, UnaryOperator<@Nullable String> environment) {
        JsonService service = JsonService.of(name, method, environment);
        services.add(service);
        return service;
    }

    SortedMap<String, Long> counts() {
        return counts;
    }

    void drop(String reason) {
        counts.merge("augmented.dropped." + reason, 1L, Long::sum);
    }

    /** New texts that are well formed; copies of others are not looked for here. */
    List<Row> rows(String id, String text, @Nullable String label) throws IOException, InterruptedException {
        var rows = new ArrayList<Row>();
        if (unit(id, -1) >= spec.share()) {
            return rows;
        }
        if (text.length() > spec.maxCharacters()) {
            drop("too-long");
            return rows;
        }
        for (int copy = 0; copy < spec.copies(); copy++) {
            int method = copy % augmenters.size();
            String made = augmenters.get(method).augment(text, label, new SplittableRandom(hash(id, copy)));
            String fault = fault(text, made);
            if (fault != null) {
                drop(fault);
            } else {
                rows.add(new Row(spec.methods().get(method), copy, made));
            }
        }
        return rows;
    }

    private @Nullable String fault(String text, String made) {
        if (made.strip().equals(text.strip())) {
            return "unchanged";
        }
        int before = words.read(text);
        int after = words.read(made);
        if (after == 0
                || after < spec.minLengthRatio() * before
                || after > spec.maxLengthRatio() * Math.max(1, before)) {
            return "length";
        }
        long odd = made.chars()
                .filter(c -> c == 0xFFFD || c < 0x20 && c != '\n' && c != '\t')
                .count();
        return odd > 0 ? "characters" : null;
    }

    private double unit(String id, int copy) {
        return (hash(id, copy) >>> 11) * 0x1p-53;
    }

    private long hash(String id, int copy) {
        String key = seed + "\u0000" + copy + "\u0000" + id;
        return ByteBuffer.wrap(Json.sha256().digest(key.getBytes(StandardCharsets.UTF_8)))
                .getLong();
    }

    @Override
    public void close() {
        services.forEach(JsonService::close);
    }
}
