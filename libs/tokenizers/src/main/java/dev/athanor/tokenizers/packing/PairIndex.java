package dev.athanor.tokenizers.packing;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * What the documents of a token shard are that holds examples for next sentence prediction ({@code [CLS] first [SEP] second [SEP]}).
 * Two integers an example: where the second stretch starts, and 1 if it follows the first in the text, else 0.
 */
public record PairIndex(List<Example> examples) {

    /**
     * @param secondStart tokens before the second stretch: they are of type 0, the others of type 1
     * @param isNext whether the second stretch follows the first
     */
    public record Example(int secondStart, boolean isNext) {}

    private static final String MAGIC = "ATHPAIR1";

    public PairIndex {
        examples = List.copyOf(examples);
    }

    public void write(Path file) throws IOException {
        int[] values = new int[2 * examples.size()];
        for (int i = 0; i < examples.size(); i++) {
            values[2 * i] = examples.get(i).secondStart();
            values[2 * i + 1] = examples.get(i).isNext() ? 1 : 0;
        }
        IndexFile.write(file, MAGIC, values);
    }

    /** @throws IOException if the file is no such index, or damaged */
    public static PairIndex read(Path file) throws IOException {
        int[] values = IndexFile.read(file, MAGIC);
        List<Example> examples = new ArrayList<>();
        for (int i = 0; i + 1 < values.length; i += 2) {
            examples.add(new Example(values[i], values[i + 1] == 1));
        }
        return new PairIndex(examples);
    }
}
