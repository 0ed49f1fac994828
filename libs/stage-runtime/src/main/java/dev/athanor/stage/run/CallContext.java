package dev.athanor.stage.run;

import dev.athanor.artifacts.ArtifactStore;
import dev.athanor.contracts.artifact.Manifest;
import dev.athanor.contracts.error.Checks;
import dev.athanor.contracts.message.StageCommand;
import dev.athanor.stage.api.StageContext;
import dev.athanor.stage.api.TaskOutput;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;

/** Context of one call of plan or merge; reads inputs and earlier outputs when asked, once. Used by one thread or several. */
class CallContext<S extends Record> implements StageContext<S> {

    private final StageCommand.Start start;
    private final S spec;
    private final int round;
    private final RoundOutputs outputs;
    private final ArtifactStore store;
    private final Map<Integer, List<TaskOutput>> read = new HashMap<>();

    CallContext(StageCommand.Start start, S spec, int round, RoundOutputs outputs, ArtifactStore store) {
        this.start = start;
        this.spec = spec;
        this.round = round;
        this.outputs = outputs;
        this.store = store;
    }

    @Override
    public S spec() {
        return spec;
    }

    @Override
    public long seed() {
        return start.seed();
    }

    @Override
    public Manifest input(String role) {
        var id = start.inputs().get(role);
        Checks.oneOf("input role", role, start.inputs().keySet());
        try {
            return store.manifest(java.util.Objects.requireNonNull(id));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public SortedSet<String> roles() {
        return new TreeSet<>(start.inputs().keySet());
    }

    @Override
    public int round() {
        return round;
    }

    @Override
    public synchronized List<TaskOutput> outputs(int earlier) {
        Checks.range("round", earlier, 0, round - 1L);
        return read.computeIfAbsent(earlier, outputs::of);
    }

    @Override
    public List<TaskOutput> outputs() {
        List<TaskOutput> all = new ArrayList<>();
        for (int r = 0; r < round; r++) {
            all.addAll(outputs(r));
        }
        return List.copyOf(all);
    }

    @Override
    public ArtifactStore store() {
        return store;
    }
}
