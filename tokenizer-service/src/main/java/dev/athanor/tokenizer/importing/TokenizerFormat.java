package dev.athanor.tokenizer.importing;

import dev.athanor.contracts.error.AthanorException;
import dev.athanor.contracts.spec.ImportTokenizerSpec;
import dev.athanor.tokenizers.Tokenizer;
import dev.athanor.tokenizers.sentencepiece.SentencePieceModel;
import dev.athanor.tokenizers.tiktoken.TiktokenFile;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;

/** The kinds of files that a tokenizer comes in. */
enum TokenizerFormat {
    TOKENIZER_JSON(".json") {
        @Override
        Tokenizer read(byte[] bytes, ImportTokenizerSpec spec) {
            return Tokenizer.fromJson(new String(bytes, StandardCharsets.UTF_8));
        }
    },
    SENTENCEPIECE(".model") {
        @Override
        Tokenizer read(byte[] bytes, ImportTokenizerSpec spec) {
            return Tokenizer.of(SentencePieceModel.parse(bytes).toTokenizer());
        }
    },
    TIKTOKEN(".tiktoken") {
        @Override
        Tokenizer read(byte[] bytes, ImportTokenizerSpec spec) {
            String pattern = TiktokenFile.PATTERNS.getOrDefault(spec.pattern(), spec.pattern());
            return TiktokenFile.parse(new String(bytes, StandardCharsets.US_ASCII), pattern, spec.specialTokens());
        }
    };

    private final String ending;

    TokenizerFormat(String ending) {
        this.ending = ending;
    }

    /**
     * The tokenizer that the bytes hold.
     *
     * @throws IllegalArgumentException saying what is wrong with them
     */
    abstract Tokenizer read(byte[] bytes, ImportTokenizerSpec spec);

    private String slug() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** The format that the specification names, or that the file's name tells. */
    static TokenizerFormat of(String format, String fileName) {
        return Arrays.stream(values())
                .filter(f -> format.equals("auto") ? fileName.endsWith(f.ending) : format.equals(f.slug()))
                .findFirst()
                .orElseThrow(() -> AthanorException.invalidSpec(
                        "format",
                        format,
                        "one of tokenizer-json, sentencepiece and tiktoken, because the name '" + fileName
                                + "' does not end with .json, .model or .tiktoken"));
    }
}
