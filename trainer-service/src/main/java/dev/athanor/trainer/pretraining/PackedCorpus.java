package dev.athanor.trainer.pretraining;

import dev.athanor.artifacts.ArtifactStore;
import dev.athanor.contracts.artifact.ArtifactFile;
import dev.athanor.contracts.artifact.BlobRef;
import dev.athanor.contracts.artifact.Manifest;
import dev.athanor.contracts.error.AthanorException;
import dev.athanor.contracts.spec.ObjectiveSpec;
import dev.athanor.lm.data.PackedShards;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Token shards read in the rows that {@code tokenizer.encode} has packed. Sentence pairs are always read so: as a running text they make
 * no sense; documents packed by first fit where they are to be kept apart, else as a running text.
 */
record PackedCorpus(PackedShards training, PackedShards validation) implements AutoCloseable {

    private static final String FIRST_FIT = ".packing";
    private static final String PAIRS = ".pairs";

    /** Null where the tokens are to be read as a running text. */
    static @Nullable PackedCorpus open(ArtifactStore store, Manifest tokens, ObjectiveSpec objective)
            throws IOException {
        boolean pairs = has(tokens, PAIRS);
        boolean sequences = has(tokens, FIRST_FIT);
        if (!pairs && !(sequences && objective.documentMasks())) {
            return null;
        }
        PackedShards training = shards(store, tokens, "train/", pairs);
        try {
            return new PackedCorpus(training, shards(store, tokens, "validation/", pairs));
        } catch (IOException | RuntimeException e) {
            training.close();
            throw e;
        }
    }

    /** @throws AthanorException if the tokens are sentence pairs and the objective has none */
    static void check(Manifest tokens, ObjectiveSpec objective) {
        if (has(tokens, PAIRS) && !objective.hasSentencePairs()) {
            throw AthanorException.invalidSpec(
                    "objective",
                    objective.kind(),
                    "next-sentence or masked-next-sentence for tokens that were encoded as sentence pairs");
        }
    }

    private static boolean has(Manifest tokens, String suffix) {
        return tokens.filesUnder("packing/").stream()
                .anyMatch(file -> file.name().endsWith(suffix));
    }

    private static PackedShards shards(ArtifactStore store, Manifest tokens, String split, boolean pairs)
            throws IOException {
        Map<String, BlobRef> indexes = new TreeMap<>();
        tokens.filesUnder("packing/" + split).forEach(file -> indexes.put(file.name(), file.blob()));
        List<Path> shards = new ArrayList<>();
        List<Path> packings = new ArrayList<>();
        for (ArtifactFile shard : tokens.filesUnder(split)) {
            String name = shard.name().replaceFirst("\\.tokens$", pairs ? PAIRS : FIRST_FIT);
            BlobRef index = indexes.get("packing/" + name);
            if (index == null) {
                throw new IOException("the token shard " + shard.name() + " has no packing index");
            }
            shards.add(store.local(shard.blob()));
            packings.add(store.local(index));
        }
        return pairs ? PackedShards.sentencePairs(shards, packings) : PackedShards.sequences(shards, packings);
    }

    @Override
    public void close() {
        training.close();
        validation.close();
    }
}
