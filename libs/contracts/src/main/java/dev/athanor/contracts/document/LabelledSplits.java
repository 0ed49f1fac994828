package dev.athanor.contracts.document;

import dev.athanor.contracts.error.AthanorException;
import dev.athanor.contracts.error.ErrorCode;
import dev.athanor.contracts.json.Json;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * A labelled set in its three parts, as whoever trains on it and whoever scores it must both see them. A missing
 * validation or test part is cut from the training part: a tenth of each class, chosen by the SHA-256 of the part's name
 * and the example's id, so the same examples are chosen everywhere, whatever their order.
 *
 * @param labels all class names, sorted; a class's index is its place here
 */
public record LabelledSplits(
        List<String> labels,
        List<LabelledExample> train,
        List<LabelledExample> validation,
        List<LabelledExample> test) {

    private static final double HELD_OUT = 0.1;

    public LabelledSplits {
        labels = List.copyOf(labels);
        train = List.copyOf(train);
        validation = List.copyOf(validation);
        test = List.copyOf(test);
    }

    /** @throws AthanorException INVALID_REQUEST with fewer than two classes, or a class without training examples */
    public static LabelledSplits of(Collection<LabelledExample> examples) {
        List<LabelledExample> train = part(examples, Split.TRAIN);
        List<LabelledExample> validation = part(examples, Split.VALIDATION);
        List<LabelledExample> test = part(examples, Split.TEST);
        if (validation.isEmpty()) {
            validation = heldOut(train, Split.VALIDATION);
            train = without(train, validation);
        }
        if (test.isEmpty()) {
            test = heldOut(train, Split.TEST);
            train = without(train, test);
        }
        List<String> labels =
                train.stream().map(LabelledExample::label).distinct().sorted().toList();
        if (labels.size() < 2) {
            throw new AthanorException(
                    ErrorCode.INVALID_REQUEST,
                    "examples: expected at least 2 classes in the training split, got " + labels);
        }
        requireKnown(labels, validation);
        requireKnown(labels, test);
        return new LabelledSplits(labels, train, validation, test);
    }

    public List<LabelledExample> part(Split split) {
        return switch (split) {
            case TRAIN -> train;
            case VALIDATION -> validation;
            case TEST -> test;
        };
    }

    /** Class index of each example. */
    public int[] classes(List<LabelledExample> examples) {
        Map<String, Integer> index = new TreeMap<>();
        labels.forEach(label -> index.put(label, index.size()));
        return examples.stream().mapToInt(e -> index.get(e.label())).toArray();
    }

    private static List<LabelledExample> part(Collection<LabelledExample> examples, Split split) {
        return examples.stream().filter(e -> e.split() == split).toList();
    }

    private static List<LabelledExample> heldOut(List<LabelledExample> train, Split part) {
        Map<String, List<LabelledExample>> byLabel = train.stream()
                .collect(Collectors.groupingBy(LabelledExample::label, TreeMap::new, Collectors.toList()));
        var chosen = new ArrayList<LabelledExample>();
        byLabel.values()
                .forEach(ofLabel -> ofLabel.stream()
                        .sorted(Comparator.comparing(e -> rank(part, e)))
                        .limit(Math.round(ofLabel.size() * HELD_OUT))
                        .forEach(chosen::add));
        return chosen;
    }

    private static String rank(Split part, LabelledExample example) {
        return Json.sha256Hex((part.slug() + "\u0000" + example.id()).getBytes(StandardCharsets.UTF_8)) + example.id();
    }

    private static List<LabelledExample> without(List<LabelledExample> all, List<LabelledExample> some) {
        Set<String> gone = some.stream().map(LabelledExample::id).collect(Collectors.toCollection(HashSet::new));
        return all.stream().filter(e -> !gone.contains(e.id())).toList();
    }

    private static void requireKnown(List<String> labels, List<LabelledExample> part) {
        part.stream().filter(e -> !labels.contains(e.label())).findFirst().ifPresent(e -> {
            throw new AthanorException(
                    ErrorCode.INVALID_REQUEST,
                    "examples: expected labels of the training split " + labels + " in the "
                            + e.split().slug() + " split, got '" + e.label() + "' (example '" + e.id() + "')");
        });
    }
}
