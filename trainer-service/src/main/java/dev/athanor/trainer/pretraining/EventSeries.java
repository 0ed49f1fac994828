package dev.athanor.trainer.pretraining;

import dev.athanor.artifacts.Scratch;
import dev.athanor.lm.train.TensorBoardEvents;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The series of a training run as a TensorBoard event file. Points go to the scratch files of the task before the checkpoint that
 * follows them, so that a run which is killed and resumed ends with the same file. It holds what follows from the data alone, no
 * speeds; the time of a point is its step, in seconds after 1970.
 */
final class EventSeries {

    private static final String PREFIX = "events-";

    private final Scratch scratch;
    private final Path workFolder;
    private final int every;
    private final List<String> pending = new ArrayList<>();

    /** @param every steps between checkpoints; 0 = only when stopped */
    EventSeries(Scratch scratch, Path workFolder, int every) {
        this.scratch = scratch;
        this.workFolder = workFolder;
        this.every = every;
    }

    void add(long step, String name, double value) {
        if (Double.isFinite(value)) {
            pending.add(step + " " + name + " " + Double.toHexString(value));
        }
    }

    /** To be called after the points of a step were added. */
    void stepDone(long step) throws IOException {
        if (every > 0 && step % every == 0) {
            publish(step, "step");
        }
    }

    /** Keeps what came since the last time, after the step's own points. */
    void publish(long step) throws IOException {
        publish(step, "then");
    }

    /** Keeps what came since the last time, where training stops; what a validation of the same step adds later is kept beside it. */
    void stopped(long step) throws IOException {
        publish(step, "stop");
    }

    private void publish(long step, String part) throws IOException {
        if (pending.isEmpty()) {
            return;
        }
        // By the first step too: an attempt that only ends the run is not to replace the points of one that made it.
        String first = pending.getFirst().substring(0, pending.getFirst().indexOf(' '));
        String name = String.format(Locale.ROOT, "%s%012d-%s-from-%s", PREFIX, step, part, first);
        Path file = workFolder.resolve("working-" + name);
        Files.write(file, pending, StandardCharsets.UTF_8);
        scratch.put(name, file);
        Files.deleteIfExists(file);
        pending.clear();
    }

    /** Writes one event file of all attempts at the run, up to a step, and returns it. */
    Path write(long lastStep) throws IOException {
        publish(lastStep);
        SortedMap<Long, SortedMap<String, Double>> points = new TreeMap<>();
        for (String name : scratch.list(PREFIX)) {
            Path file = workFolder.resolve("merging-" + name);
            scratch.get(name, file);
            for (String line : Files.readAllLines(file, StandardCharsets.UTF_8)) {
                String[] parts = line.split(" ");
                points.computeIfAbsent(Long.valueOf(parts[0]), step -> new TreeMap<>())
                        .put(parts[1], Double.valueOf(parts[2]));
            }
            Files.delete(file);
        }
        var clock = new StepClock();
        Path folder = workFolder.resolve("tensorboard");
        try (var events = new TensorBoardEvents(folder, clock)) {
            for (var step : points.entrySet()) {
                clock.step = step.getKey();
                for (var point : step.getValue().entrySet()) {
                    events.scalar(point.getKey(), clock.step, point.getValue());
                }
            }
        }
        try (var files = Files.list(folder)) {
            return files.findFirst().orElseThrow();
        }
    }

    private static final class StepClock extends Clock {
        private long step;

        @Override
        public Instant instant() {
            return Instant.ofEpochSecond(step);
        }

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }
    }
}
