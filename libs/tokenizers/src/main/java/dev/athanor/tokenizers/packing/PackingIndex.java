package dev.athanor.tokenizers.packing;

import dev.athanor.tokenizers.IntList;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Which documents of a token shard make up which training sequence: the file beside a shard that {@link FirstFit} packed. Its integers:
 * the capacity, the number of sequences; of each sequence the number of parts, and of each part document, from, to.
 *
 * @param capacity tokens of a sequence
 * @param sequences the parts of each; {@link PackedSequence#read} makes ids and masks of them
 */
public record PackingIndex(int capacity, List<List<FirstFit.Part>> sequences) {

    private static final String MAGIC = "ATHPACK1";

    public PackingIndex {
        sequences = List.copyOf(sequences);
    }

    public void write(Path file) throws IOException {
        IntList values = new IntList();
        values.add(capacity);
        values.add(sequences.size());
        for (List<FirstFit.Part> sequence : sequences) {
            values.add(sequence.size());
            for (FirstFit.Part part : sequence) {
                values.add(part.document());
                values.add(part.from());
                values.add(part.to());
            }
        }
        IndexFile.write(file, MAGIC, values.toArray());
    }

    /** @throws IOException if the file is no such index, or damaged */
    public static PackingIndex read(Path file) throws IOException {
        int[] values = IndexFile.read(file, MAGIC);
        List<List<FirstFit.Part>> sequences = new ArrayList<>();
        int at = 2;
        for (int s = 0; s < values[1]; s++) {
            List<FirstFit.Part> sequence = new ArrayList<>();
            for (int left = values[at++]; left > 0; left--) {
                sequence.add(new FirstFit.Part(values[at], values[at + 1], values[at + 2]));
                at += 3;
            }
            sequences.add(List.copyOf(sequence));
        }
        return new PackingIndex(values[0], sequences);
    }
}
