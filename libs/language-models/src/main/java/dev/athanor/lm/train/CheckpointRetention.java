package dev.athanor.lm.train;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Deletes the checkpoints that the policy does not keep, and files of checkpoints that were never finished. */
final class CheckpointRetention {

    private static final String PREFIX = "checkpoint-";
    private static final Pattern NAME = Pattern.compile("checkpoint-(\\d{10})(.*)");

    private final CheckpointStore store;
    private final CheckpointPolicy policy;

    CheckpointRetention(CheckpointStore store, CheckpointPolicy policy) {
        this.store = store;
        this.policy = policy;
    }

    /** Steps of the checkpoints that are there, ascending. */
    List<Long> steps() throws IOException {
        return store.list(PREFIX).stream()
                .map(NAME::matcher)
                .filter(m -> m.matches() && m.group(2).equals(".json"))
                .map(m -> Long.parseLong(m.group(1)))
                .toList();
    }

    void apply(CheckpointFiles files) throws IOException {
        List<Long> steps = steps();
        if (steps.isEmpty()) {
            return;
        }
        var kept = new TreeSet<>(steps.subList(Math.max(0, steps.size() - policy.keepLast()), steps.size()));
        steps.stream()
                .filter(step -> policy.keepEvery() > 0 && step % policy.keepEvery() == 0)
                .forEach(kept::add);
        if (policy.keepBest() > 0) {
            kept.addAll(best(files).stream().limit(policy.keepBest()).toList());
        }
        delete(kept, steps.getLast());
    }

    /** Steps of the checkpoints taken at a validation, the one with the lowest loss first. */
    List<Long> best(CheckpointFiles files) throws IOException {
        Map<Long, Double> losses = new TreeMap<>();
        for (long step : steps()) {
            String name = PREFIX + "%010d.json".formatted(step);
            Path file = files.fresh(name);
            store.fetch(name, file);
            Double loss =
                    CheckpointManifest.read(file, CheckpointManifest.class).validationLoss();
            Files.deleteIfExists(file);
            if (loss != null) {
                losses.put(step, loss);
            }
        }
        return losses.entrySet().stream()
                .sorted(Comparator.comparingDouble((Map.Entry<Long, Double> e) -> e.getValue())
                        .thenComparing(Map.Entry::getKey))
                .map(Map.Entry::getKey)
                .toList();
    }

    /** Manifests first: what is only partly deleted is no checkpoint. */
    private void delete(Set<Long> kept, long newest) throws IOException {
        List<String> doomed = store.list(PREFIX).stream()
                .filter(name -> isDoomed(name, kept, newest))
                .sorted(Comparator.comparing((String name) -> !name.endsWith(".json")))
                .toList();
        for (String name : doomed) {
            store.delete(name);
        }
    }

    private static boolean isDoomed(String name, Set<Long> kept, long newest) {
        Matcher matcher = NAME.matcher(name);
        if (!matcher.matches()) {
            return false;
        }
        long step = Long.parseLong(matcher.group(1));
        return step < newest && !kept.contains(step);
    }
}
