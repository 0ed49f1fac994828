package dev.athanor.contracts.spec;

import dev.athanor.contracts.error.Checks;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * {@code trainer.import}: a language model made elsewhere, in the layout of Hugging Face: {@code config.json}, {@code model.safetensors}
 * (or {@code model.safetensors.index.json} and the files that it names) and {@code tokenizer.json}. In place of the last an artifact may be
 * given as the input {@code tokenizer}.
 *
 * @param path the folder with these files, within ATHANOR_DATA_ROOTS; what else lies there does not matter
 * @param uploads the files, uploaded before; where there are any, {@code path} does not matter
 * @param licence of the model, or null where none is declared
 */
public record ImportModelSpec(
        String path, List<UploadedFile> uploads, @Nullable String licence) {

    public static final String CONFIG = "config.json";
    public static final String TOKENIZER = "tokenizer.json";
    public static final String WEIGHTS = "model.safetensors";
    public static final String INDEX = "model.safetensors.index.json";

    private static final int MOST_FILES = 1000;
    private static final Pattern SHARD = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,200}\\.safetensors");

    public static final ImportModelSpec DEFAULTS = new ImportModelSpec("model", List.of(), null);

    public ImportModelSpec {
        Checks.notBlank("path", path);
        Checks.present("uploads", uploads);
        Checks.that(uploads.size() <= MOST_FILES, "uploads", uploads.size() + " files", "at most " + MOST_FILES);
        uploads = List.copyOf(uploads);
        Set<String> names = new HashSet<>();
        for (int i = 0; i < uploads.size(); i++) {
            String name = uploads.get(i).name();
            Checks.that(
                    List.of(CONFIG, TOKENIZER, INDEX).contains(name) || isShard(name),
                    "uploads[" + i + "].name",
                    name,
                    CONFIG + ", " + TOKENIZER + ", " + INDEX
                            + " or a .safetensors file (pickled weights, .bin or .pt, are not read)");
            Checks.that(names.add(name), "uploads[" + i + "].name", name, "each name once");
        }
        Checks.that(uploads.isEmpty() || names.contains(CONFIG), "uploads", names, "a " + CONFIG + " among them");
        Checks.that(
                uploads.isEmpty() || names.contains(WEIGHTS) || names.contains(INDEX),
                "uploads",
                names,
                WEIGHTS + " or " + INDEX + " among them");
    }

    /** Whether a file of this name may hold weights. */
    public static boolean isShard(String name) {
        return SHARD.matcher(name).matches();
    }
}
