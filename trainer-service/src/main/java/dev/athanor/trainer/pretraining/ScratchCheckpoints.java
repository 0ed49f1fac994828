package dev.athanor.trainer.pretraining;

import dev.athanor.artifacts.Scratch;
import dev.athanor.lm.train.CheckpointStore;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** Checkpoints among the scratch files of a task, where every attempt at it finds them. */
record ScratchCheckpoints(Scratch scratch) implements CheckpointStore {

    @Override
    public List<String> list(String prefix) throws IOException {
        return scratch.list(prefix);
    }

    @Override
    public void publish(String name, Path file) throws IOException {
        scratch.put(name, file);
    }

    @Override
    public void fetch(String name, Path target) throws IOException {
        scratch.get(name, target);
    }

    @Override
    public void delete(String name) throws IOException {
        scratch.delete(name);
    }
}
