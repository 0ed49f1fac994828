package dev.athanor.contracts.spec;

import dev.athanor.contracts.error.Checks;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * {@code tokenizer.import}: a tokenizer made elsewhere, as {@code tokenizer.json}.
 *
 * @param format {@code tokenizer-json}, {@code sentencepiece} (a .model file), {@code tiktoken} (a rank file), or {@code auto}: by
 *     the file name's ending ({@code .json}, {@code .model}, {@code .tiktoken})
 * @param path the file within ATHANOR_DATA_ROOTS; may be compressed ({@code .zst})
 * @param upload the file, uploaded before; then {@code path} does not matter
 * @param pattern how a tiktoken tokenizer cuts text: {@code gpt2}, {@code cl100k}, {@code o200k}, or a regular expression
 * @param specialTokens of a tiktoken tokenizer, which the rank file does not hold: token to id
 * @param licence of the tokenizer, or null where none is declared
 */
public record ImportTokenizerSpec(
        String format,
        String path,
        @Nullable UploadedFile upload,
        String pattern,
        SortedMap<String, Integer> specialTokens,
        @Nullable String licence) {

    public static final List<String> FORMATS = List.of("auto", "tokenizer-json", "sentencepiece", "tiktoken");

    public static final ImportTokenizerSpec DEFAULTS =
            new ImportTokenizerSpec("auto", "tokenizer.json", null, "cl100k", new TreeMap<>(), null);

    public ImportTokenizerSpec {
        Checks.oneOf("format", format, FORMATS);
        Checks.notBlank("path", path);
        Checks.notBlank("pattern", pattern);
        Checks.present("specialTokens", specialTokens);
        specialTokens = new TreeMap<>(specialTokens);
        specialTokens.forEach((token, id) -> Checks.range("specialTokens." + token, id, 0, 100_000_000));
    }
}
