package dev.athanor.preprocessing.language;

import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;

/**
 * A maximum-entropy model in OpenNLP's binary format ({@code GIS} type inside a model zip): weights of character n-grams for each
 * language.
 */
final class MaxentModel {

    /** The weights of one n-gram: {@code weights[i]} for the language with index {@code languages[i]}. */
    record Weights(short[] languages, float[] values) {}

    private static final String TYPE = "GIS";

    private final List<String> languages;
    private final Map<String, Weights> weights;

    private MaxentModel(List<String> languages, Map<String, Weights> weights) {
        this.languages = languages;
        this.weights = weights;
    }

    /** @param name of a model zip on the class path */
    static MaxentModel ofResource(String name) throws IOException {
        try (InputStream resource = MaxentModel.class.getClassLoader().getResourceAsStream(name)) {
            if (resource == null) {
                throw new IOException("no model '" + name + "' on the class path");
            }
            var zip = new ZipInputStream(resource);
            for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
                if (entry.getName().endsWith(".model")) {
                    return read(new DataInputStream(new BufferedInputStream(zip, 1 << 16)));
                }
            }
            throw new IOException("'" + name + "' holds no model");
        }
    }

    private static MaxentModel read(DataInputStream in) throws IOException {
        String type = in.readUTF();
        if (!type.equals(TYPE)) {
            throw new IOException("expected a model of type " + TYPE + ", got " + type);
        }
        in.readInt();
        in.readDouble();
        List<String> languages = strings(in);
        List<String> patterns = strings(in);
        List<String> ngrams = strings(in);
        Map<String, Weights> weights = new HashMap<>(ngrams.size() * 2);
        int next = 0;
        // Each pattern: how many n-grams have it, and the languages that they have weights for.
        for (String pattern : patterns) {
            String[] numbers = pattern.split(" ");
            var indices = new short[numbers.length - 1];
            for (int i = 0; i < indices.length; i++) {
                indices[i] = Short.parseShort(numbers[i + 1]);
            }
            for (int n = Integer.parseInt(numbers[0]); n > 0; n--) {
                var values = new float[indices.length];
                for (int i = 0; i < values.length; i++) {
                    values[i] = (float) in.readDouble();
                }
                weights.put(ngrams.get(next++), new Weights(indices, values));
            }
        }
        return new MaxentModel(languages, weights);
    }

    private static List<String> strings(DataInputStream in) throws IOException {
        int count = in.readInt();
        var strings = new ArrayList<String>(count);
        for (int i = 0; i < count; i++) {
            strings.add(in.readUTF());
        }
        return strings;
    }

    /** ISO 639-3 codes by index. */
    List<String> languages() {
        return languages;
    }

    Map<String, Weights> weights() {
        return weights;
    }

    @Override
    public String toString() {
        return weights.size() + " n-grams, languages " + Arrays.toString(languages.toArray());
    }
}
