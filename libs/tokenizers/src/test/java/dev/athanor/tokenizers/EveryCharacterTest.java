package dev.athanor.tokenizers;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.json.JsonMapper;

/** Every character that Unicode assigns, between two others, through parts that ask what kind it is: as the reference has it. */
class EveryCharacterTest {

    private static final int AT_ONCE = 100;
    private static final int LAST = Integer.getInteger("last", 0x1FFFF);

    /** A vocabulary of bytes, so that the ids are the text that the normalizer left. */
    private static final String BYTES =
            "{\"type\":\"BPE\",\"dropout\":null,\"unk_token\":null,\"continuing_subword_prefix\":null,"
                    + "\"end_of_word_suffix\":null,\"fuse_unk\":false,\"byte_fallback\":false,\"ignore_merges\":false,\"vocab\":{"
                    + IntStream.range(0, 256)
                            .mapToObj(b -> String.format(
                                    Locale.ROOT,
                                    "\"\\u%04x\":%d",
                                    (int) dev.athanor.tokenizers.internal.ByteAlphabet.charOf(b),
                                    b))
                            .collect(Collectors.joining(","))
                    + "},\"merges\":[]}";

    private static final String WORDS = "{\"type\":\"WordLevel\",\"vocab\":{\"u\":0},\"unk_token\":\"u\"}";

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"type\":\"NFC\"}",
                "{\"type\":\"NFD\"}",
                "{\"type\":\"NFKC\"}",
                "{\"type\":\"NFKD\"}",
                "{\"type\":\"Lowercase\"}",
                "{\"type\":\"StripAccents\"}",
                "{\"type\":\"Nmt\"}",
                "{\"type\":\"BertNormalizer\",\"clean_text\":true,\"handle_chinese_chars\":true,\"strip_accents\":null,\"lowercase\":true}",
            })
    void normalizers(String normalizer) {
        compare(json(
                normalizer,
                "{\"type\":\"ByteLevel\",\"add_prefix_space\":false,\"trim_offsets\":false,\"use_regex\":false}",
                BYTES));
    }

    /** The map of a published model, whose matches depend on what makes one grapheme with the letter in front. */
    @Test
    void precompiledMap() {
        String normalizer = JsonMapper.shared()
                .readTree(Shared.tokenizer("pegasus-unigram").toJson())
                .path("normalizer")
                .toString();
        assertThat(normalizer).contains("precompiled_charsmap");
        compare(json(
                normalizer,
                "{\"type\":\"ByteLevel\",\"add_prefix_space\":false,\"trim_offsets\":false,\"use_regex\":false}",
                BYTES));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"type\":\"Whitespace\"}",
                "{\"type\":\"WhitespaceSplit\"}",
                "{\"type\":\"BertPreTokenizer\"}",
                "{\"type\":\"Punctuation\",\"behavior\":\"Isolated\"}",
                "{\"type\":\"Digits\",\"individual_digits\":false}",
                "{\"type\":\"UnicodeScripts\"}",
                "{\"type\":\"ByteLevel\",\"add_prefix_space\":false,\"trim_offsets\":false,\"use_regex\":true}",
                "{\"type\":\"Split\",\"pattern\":{\"Regex\":\"\\\\p{L}\"},\"behavior\":\"Isolated\",\"invert\":false}",
                "{\"type\":\"Split\",\"pattern\":{\"Regex\":\"[\\\\p{M}\\\\p{N}]\"},\"behavior\":\"Isolated\",\"invert\":false}",
                "{\"type\":\"Split\",\"pattern\":{\"Regex\":\"[\\\\p{P}\\\\p{S}]\"},\"behavior\":\"Isolated\",\"invert\":false}",
                "{\"type\":\"Split\",\"pattern\":{\"Regex\":\"[\\\\p{Lu}\\\\p{Lt}]|\\\\w\"},\"behavior\":\"Isolated\",\"invert\":false}",
                "{\"type\":\"Split\",\"pattern\":{\"Regex\":\"[\\\\p{Ll}\\\\p{Lm}\\\\p{Lo}]|[^\\\\w]\"},\"behavior\":\"Isolated\",\"invert\":false}",
                "{\"type\":\"Split\",\"pattern\":{\"Regex\":\"\\\\s|\\\\d\"},\"behavior\":\"Isolated\",\"invert\":false}",
                "{\"type\":\"Split\",\"pattern\":{\"Regex\":\"[[:punct:]]\"},\"behavior\":\"Isolated\",\"invert\":false}",
                "{\"type\":\"Split\",\"pattern\":{\"Regex\":\"(?i:ſ|k)|\\\\p{Han}\"},\"behavior\":\"Isolated\",\"invert\":false}",
            })
    void preTokenizers(String preTokenizer) {
        compare(json("null", preTokenizer, WORDS));
    }

    private static String json(String normalizer, String pre, String model) {
        return "{\"version\":\"1.0\",\"truncation\":null,\"padding\":null,\"added_tokens\":[],\"normalizer\":"
                + normalizer + ",\"pre_tokenizer\":" + pre + ",\"post_processor\":null,\"decoder\":null,\"model\":"
                + model + "}";
    }

    private static void compare(String json) {
        Tokenizer ours = Tokenizer.fromJson(json);
        List<String> differences = new ArrayList<>();
        try (Reference theirs = new Reference(json)) {
            int from = 0;
            while (from <= LAST) {
                int to = from;
                StringBuilder text = new StringBuilder();
                for (int n = 0; n < AT_ONCE && to <= LAST; to++) {
                    if (isCompared(to)) {
                        text.append('a').appendCodePoint(to).append("a !");
                        n++;
                    }
                }
                if (!same(theirs, ours, text.toString())) {
                    for (int c = from; c < to; c++) {
                        String one = "a" + Character.toString(c) + "a !";
                        if (isCompared(c) && !same(theirs, ours, one)) {
                            differences.add(String.format(Locale.ROOT, "U+%04X", c));
                        }
                    }
                }
                from = to;
            }
        }
        assertThat(differences).isEmpty();
    }

    private static boolean same(Reference theirs, Tokenizer ours, String text) {
        return theirs.encode(text, false).difference(ours.encode(text, false)).isEmpty();
    }

    private static boolean isCompared(int c) {
        int type = Character.getType(c);
        return type != Character.SURROGATE && type != Character.UNASSIGNED;
    }
}
