package dev.athanor.ingestion.labelled;

import dev.athanor.contracts.document.Split;
import dev.athanor.contracts.error.AthanorException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Finds the files of the splits in a folder: {@code train.csv}, {@code dev.tsv.gz}, {@code test-00000-of-00002.jsonl}; or
 * {@code val_text.txt} beside {@code val_labels.txt} (TweetEval). Where one folder holds several sets, their files have a
 * prefix ({@code sst2.train.tsv}), and the path given is the folder with the prefix ({@code …/sst/sst2}).
 */
final class SetFiles {

    private static final Pattern NAME = Pattern.compile(
            "(train|training|dev|val|valid|validation|test)([._-]\\d+(-of-\\d+)?)?(_text)?\\.(csv|tsv|jsonl|ndjson|txt)(\\.(gz|zst))?");

    private SetFiles() {}

    /** @param folder real path; @param prefix of the file names before the split's name, or empty */
    static List<SetFile> find(Path folder, String prefix) throws IOException {
        List<SetFile> found = new ArrayList<>();
        for (Path file : names(folder)) {
            Matcher name = match(file.getFileName().toString(), prefix);
            if (!name.matches()) {
                continue;
            }
            boolean textOnly = name.group(4) != null;
            if (textOnly != name.group(5).equals("txt")) {
                continue;
            }
            Path labels = textOnly ? labels(folder, prefix, name.group(1)) : null;
            if (!textOnly || labels != null) {
                found.add(new SetFile(split(name.group(1)), file, labels));
            }
        }
        if (found.isEmpty()) {
            throw AthanorException.invalidSpec(
                    "path",
                    folder + (prefix.isEmpty() ? "" : "/" + prefix),
                    "a folder with train, dev (or validation) and test files in csv, tsv or jsonl (plain, .gz or .zst); found "
                            + names(folder).stream()
                                    .limit(20)
                                    .map(p -> p.getFileName().toString())
                                    .toList());
        }
        return found;
    }

    /** {@code mapping.txt} of TweetEval: raw label, tab, class name; or null. */
    static @Nullable Path mapping(Path folder) {
        Path mapping = folder.resolve("mapping.txt");
        return Files.isRegularFile(mapping) ? mapping : null;
    }

    private static Matcher match(String name, String prefix) {
        String lower = name.toLowerCase(Locale.ROOT);
        String wanted = prefix.toLowerCase(Locale.ROOT);
        if (!wanted.isEmpty() && lower.startsWith(wanted)) {
            lower = lower.substring(wanted.length()).replaceFirst("^[._-]", "");
        } else if (!wanted.isEmpty()) {
            lower = "";
        }
        return NAME.matcher(lower);
    }

    private static @Nullable Path labels(Path folder, String prefix, String split) throws IOException {
        Predicate<String> wanted = Pattern.compile(
                        Pattern.quote(prefix) + "[._-]?" + split + "_labels\\.txt(\\.(gz|zst))?",
                        Pattern.CASE_INSENSITIVE)
                .asMatchPredicate();
        Optional<Path> file = names(folder).stream()
                .filter(p -> wanted.test(p.getFileName().toString()))
                .findFirst();
        return file.orElse(null);
    }

    private static List<Path> names(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(Files::isRegularFile)
                    .filter(p -> !p.getFileName().toString().startsWith("."))
                    .sorted()
                    .toList();
        }
    }

    private static Split split(String name) {
        return switch (name) {
            case "train", "training" -> Split.TRAIN;
            case "test" -> Split.TEST;
            default -> Split.VALIDATION;
        };
    }
}
