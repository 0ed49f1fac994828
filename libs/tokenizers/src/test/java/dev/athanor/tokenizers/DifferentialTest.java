package dev.athanor.tokenizers;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import ai.djl.huggingface.tokenizers.jni.CharSpan;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The same hard texts through DJL's binding of the Hugging Face library and through ours, from the same tokenizer.json. */
class DifferentialTest {

    private static final int TEXTS = 400;

    private static final String WORDPIECE = """
            {"type":"WordPiece","unk_token":"[UNK]","continuing_subword_prefix":"##","max_input_chars_per_word":20,"vocab":
            {"[UNK]":0,"[CLS]":1,"[SEP]":2,"[MASK]":3,"[PAD]":4,"the":5,"a":6,"##a":7,"##b":8,"b":9,"e":10,"##e":11,"hello":12,
             ",":13,".":14,"world":15,"!":16,"1":17,"##2":18,"日":19,"中":20,"ete":21,"Ġ":22,"▁":23,"▁the":24," ":25,"'":26,"##s":27}}""";

    @ParameterizedTest
    @CsvSource({
        "data/tokenizers/gpt2.tokenizer.json.zst",
        "data/tokenizers/bert-base-uncased.tokenizer.json.zst",
        "data/tokenizers/pegasus-unigram.tokenizer.json.zst",
        "data/tokenizers/clip.tokenizer.json.zst",
        "golden/trained/hf-bpe-en10.json.zst",
    })
    void publishedTokenizers(String file) throws IOException {
        compare(Tokenizer.fromJson(Shared.text(file)).toJson(), file);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"type\":\"NFC\"}",
                "{\"type\":\"NFD\"}",
                "{\"type\":\"NFKC\"}",
                "{\"type\":\"NFKD\"}",
                "{\"type\":\"Lowercase\"}",
                "{\"type\":\"Sequence\",\"normalizers\":[{\"type\":\"NFD\"},{\"type\":\"StripAccents\"},{\"type\":\"Lowercase\"}]}",
                "{\"type\":\"BertNormalizer\",\"clean_text\":true,\"handle_chinese_chars\":true,\"strip_accents\":true,\"lowercase\":false}",
                "{\"type\":\"BertNormalizer\",\"clean_text\":false,\"handle_chinese_chars\":true,\"strip_accents\":null,\"lowercase\":true}",
                "{\"type\":\"Replace\",\"pattern\":{\"String\":\"the\"},\"content\":\"a long b\"}",
                "{\"type\":\"Replace\",\"pattern\":{\"Regex\":\"\\\\s+\"},\"content\":\" \"}",
                "{\"type\":\"Prepend\",\"prepend\":\"▁x\"}",
                "{\"type\":\"Strip\",\"strip_left\":true,\"strip_right\":true}",
                "{\"type\":\"Nmt\"}",
                "{\"type\":\"ByteLevel\"}",
            })
    void normalizers(String normalizer) throws IOException {
        compare(json(normalizer, "{\"type\":\"BertPreTokenizer\"}", "null", "null", WORDPIECE), normalizer);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"type\":\"Whitespace\"}",
                "{\"type\":\"WhitespaceSplit\"}",
                "{\"type\":\"BertPreTokenizer\"}",
                "{\"type\":\"ByteLevel\",\"add_prefix_space\":true,\"trim_offsets\":true,\"use_regex\":true}",
                "{\"type\":\"ByteLevel\",\"add_prefix_space\":false,\"trim_offsets\":true,\"use_regex\":false}",
                "{\"type\":\"Metaspace\",\"replacement\":\"▁\",\"prepend_scheme\":\"always\",\"split\":true}",
                "{\"type\":\"Metaspace\",\"replacement\":\"▁\",\"prepend_scheme\":\"first\",\"split\":true}",
                "{\"type\":\"Metaspace\",\"replacement\":\"▁\",\"prepend_scheme\":\"never\",\"split\":false}",
                "{\"type\":\"Punctuation\",\"behavior\":\"Isolated\"}",
                "{\"type\":\"Punctuation\",\"behavior\":\"MergedWithPrevious\"}",
                "{\"type\":\"Punctuation\",\"behavior\":\"MergedWithNext\"}",
                "{\"type\":\"Punctuation\",\"behavior\":\"Contiguous\"}",
                "{\"type\":\"Punctuation\",\"behavior\":\"Removed\"}",
                "{\"type\":\"Digits\",\"individual_digits\":true}",
                "{\"type\":\"Digits\",\"individual_digits\":false}",
                "{\"type\":\"UnicodeScripts\"}",
                "{\"type\":\"CharDelimiterSplit\",\"delimiter\":\" \"}",
                "{\"type\":\"Split\",\"pattern\":{\"String\":\" \"},\"behavior\":\"MergedWithNext\",\"invert\":false}",
                "{\"type\":\"Split\",\"pattern\":{\"Regex\":\"\\\\w+|[^\\\\w\\\\s]+\"},\"behavior\":\"Removed\",\"invert\":true}",
                "{\"type\":\"Split\",\"pattern\":{\"Regex\":\"\\\\p{N}{1,3}|[[:punct:]]\"},\"behavior\":\"Isolated\",\"invert\":false}",
                "{\"type\":\"Split\",\"pattern\":{\"Regex\":\"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\\\\r\\\\n\\\\p{L}\\\\p{N}]?\\\\p{L}+|\\\\p{N}{1,3}| ?[^\\\\s\\\\p{L}\\\\p{N}]+[\\\\r\\\\n]*|\\\\s*[\\\\r\\\\n]+|\\\\s+(?!\\\\S)|\\\\s+\"},\"behavior\":\"Isolated\",\"invert\":false}",
                "{\"type\":\"Split\",\"pattern\":{\"Regex\":\"[^\\\\r\\\\n\\\\p{L}\\\\p{N}]?[\\\\p{Lu}\\\\p{Lt}\\\\p{Lm}\\\\p{Lo}\\\\p{M}]*[\\\\p{Ll}\\\\p{Lm}\\\\p{Lo}\\\\p{M}]+(?i:'s|'t|'re|'ve|'m|'ll|'d)?|[^\\\\r\\\\n\\\\p{L}\\\\p{N}]?[\\\\p{Lu}\\\\p{Lt}\\\\p{Lm}\\\\p{Lo}\\\\p{M}]+[\\\\p{Ll}\\\\p{Lm}\\\\p{Lo}\\\\p{M}]*(?i:'s|'t|'re|'ve|'m|'ll|'d)?|\\\\p{N}{1,3}| ?[^\\\\s\\\\p{L}\\\\p{N}]+[\\\\r\\\\n/]*|\\\\s*[\\\\r\\\\n]+|\\\\s+(?!\\\\S)|\\\\s+\"},\"behavior\":\"Isolated\",\"invert\":false}",
            })
    void preTokenizers(String preTokenizer) throws IOException {
        compare(json("null", preTokenizer, "null", "null", WORDPIECE), preTokenizer);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"type\":\"BPE\",\"unk_token\":\"<unk>\",\"fuse_unk\":true,\"byte_fallback\":false,\"ignore_merges\":false,\"vocab\":{\"<unk>\":0,\"a\":1,\"b\":2,\"t\":3,\"h\":4,\"e\":5,\"th\":6,\"the\":7,\"aa\":8,\"aaaa\":9,\"▁\":10,\"▁the\":11},\"merges\":[[\"t\",\"h\"],[\"th\",\"e\"],[\"a\",\"a\"],[\"aa\",\"aa\"],[\"▁\",\"the\"]]}",
                "{\"type\":\"BPE\",\"unk_token\":\"<unk>\",\"fuse_unk\":false,\"byte_fallback\":false,\"ignore_merges\":false,\"end_of_word_suffix\":\"</w>\",\"vocab\":{\"<unk>\":0,\"a\":1,\"b\":2,\"t\":3,\"h\":4,\"e</w>\":5,\"th\":6,\"the</w>\":7,\"a</w>\":8,\"aa\":9},\"merges\":[[\"t\",\"h\"],[\"th\",\"e</w>\"],[\"a\",\"a\"]]}",
                "{\"type\":\"Unigram\",\"unk_id\":0,\"byte_fallback\":false,\"vocab\":[[\"<unk>\",0],[\"a\",-3],[\"aa\",-5],[\"aaa\",-6.5],[\"the\",-4],[\"▁\",-2],[\"▁the\",-5],[\"t\",-6],[\"e\",-4.5],[\"日\",-7],[\"h\",-6]]}",
                "{\"type\":\"WordLevel\",\"unk_token\":\"<unk>\",\"vocab\":{\"<unk>\":0,\"the\":1,\"a\":2,\"▁the\":3,\"▁\":4}}",
            })
    void models(String model) throws IOException {
        String pre = "{\"type\":\"Metaspace\",\"replacement\":\"▁\",\"prepend_scheme\":\"always\",\"split\":true}";
        compare(json("null", pre, "null", pre, model), model);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"type\":\"BertProcessing\",\"sep\":[\"[SEP]\",2],\"cls\":[\"[CLS]\",1]}",
                "{\"type\":\"RobertaProcessing\",\"sep\":[\"[SEP]\",2],\"cls\":[\"[CLS]\",1],\"trim_offsets\":true,\"add_prefix_space\":true}",
                "{\"type\":\"ByteLevel\",\"add_prefix_space\":true,\"trim_offsets\":true,\"use_regex\":true}",
                "{\"type\":\"TemplateProcessing\",\"single\":[{\"SpecialToken\":{\"id\":\"[CLS]\",\"type_id\":0}},{\"Sequence\":{\"id\":\"A\",\"type_id\":2}}],\"pair\":[{\"Sequence\":{\"id\":\"B\",\"type_id\":1}},{\"SpecialToken\":{\"id\":\"[SEP]\",\"type_id\":3}},{\"Sequence\":{\"id\":\"A\",\"type_id\":0}}],\"special_tokens\":{\"[CLS]\":{\"id\":\"[CLS]\",\"ids\":[1],\"tokens\":[\"[CLS]\"]},\"[SEP]\":{\"id\":\"[SEP]\",\"ids\":[2,2],\"tokens\":[\"[SEP]\",\"[SEP]\"]}}}",
            })
    void postProcessorsWithPairsTruncationAndPadding(String processor) throws IOException {
        String base = json("null", "{\"type\":\"Whitespace\"}", processor, "null", WORDPIECE);
        String cut = base.replace(
                "\"truncation\":null",
                "\"truncation\":{\"direction\":\"Right\",\"max_length\":12,\"strategy\":\"LongestFirst\",\"stride\":2}");
        Tokenizer ours = Tokenizer.fromJson(cut);
        RandomTexts texts = new RandomTexts(99, true);
        try (HuggingFaceTokenizer theirs = reference(cut, true)) {
            for (int i = 0; i < TEXTS; i++) {
                String a = texts.next();
                String b = texts.next();
                assertSame(theirs.encode(a, b, true, true), ours.encodePair(a, b, true), a + " | " + b);
                assertSame(theirs.encode(a, true, true), ours.encode(a, true), a);
            }
        }
    }

    @Test
    void addedTokensWithAllTheirOptions() throws IOException {
        String base = json("{\"type\":\"Lowercase\"}", "{\"type\":\"Whitespace\"}", "null", "null", WORDPIECE);
        String tokens = """
                "added_tokens":[
                {"id":3,"content":"[MASK]","single_word":false,"lstrip":true,"rstrip":true,"normalized":false,"special":true},
                {"id":28,"content":"The","single_word":true,"lstrip":false,"rstrip":false,"normalized":true,"special":false},
                {"id":29,"content":"don","single_word":false,"lstrip":false,"rstrip":true,"normalized":true,"special":false},
                {"id":30,"content":"aaa","single_word":false,"lstrip":true,"rstrip":false,"normalized":false,"special":false},
                {"id":31,"content":"😀","single_word":true,"lstrip":false,"rstrip":false,"normalized":false,"special":true}]""";
        compare(base.replace("\"added_tokens\":[]", tokens), "added tokens");
    }

    /** Tokens of white space that take white space: they begin within what the one before took. */
    @ParameterizedTest
    @CsvSource({
        "false,false,false", "false,true,false", "true,true,false",
        "false,false,true", "false,true,true", "true,true,true",
    })
    void addedTokensOfWhiteSpace(boolean lstrip, boolean rstrip, boolean normalized) throws IOException {
        String base = json("null", "{\"type\":\"Whitespace\"}", "null", "null", WORDPIECE);
        String flags =
                "\"lstrip\":%b,\"rstrip\":%b,\"normalized\":%b,\"special\":false".formatted(lstrip, rstrip, normalized);
        String tokens = """
                "added_tokens":[
                {"id":3,"content":"[MASK]","single_word":false,"lstrip":true,"rstrip":true,"normalized":false,"special":true},
                {"id":28,"content":"  ","single_word":false,FLAGS},
                {"id":29,"content":" the","single_word":false,FLAGS},
                {"id":30,"content":"\\n","single_word":false,FLAGS},
                {"id":31,"content":"don","single_word":false,"lstrip":false,"rstrip":true,"normalized":true,"special":false}]""";
        compare(base.replace("\"added_tokens\":[]", tokens.replace("FLAGS", flags)), "white space " + flags);
    }

    private static String json(String normalizer, String pre, String post, String decoder, String model) {
        return "{\"version\":\"1.0\",\"truncation\":null,\"padding\":null,\"added_tokens\":[],\"normalizer\":"
                + normalizer + ",\"pre_tokenizer\":" + pre + ",\"post_processor\":" + post + ",\"decoder\":" + decoder
                + ",\"model\":" + model + "}";
    }

    private static HuggingFaceTokenizer reference(String json, boolean truncation) throws IOException {
        return HuggingFaceTokenizer.newInstance(
                new ByteArrayInputStream(json.getBytes(StandardCharsets.UTF_8)),
                Map.of(
                        "truncation",
                        truncation ? "true" : "DO_NOT_TRUNCATE",
                        "padding",
                        "DO_NOT_PAD",
                        "addSpecialTokens",
                        "true"));
    }

    private static void compare(String json, String what) throws IOException {
        Tokenizer ours = Tokenizer.fromJson(json);
        String written = ours.toJson();
        RandomTexts texts = new RandomTexts(what.hashCode(), true);
        List<String> differences = new ArrayList<>();
        // The reference reads what we wrote, which proves the writer too.
        try (HuggingFaceTokenizer theirs = reference(written, false)) {
            for (int i = 0; i < TEXTS; i++) {
                String text = texts.next();
                ai.djl.huggingface.tokenizers.Encoding expected = theirs.encode(text, true, true);
                Encoding actual = ours.encode(text, true);
                String difference = difference(expected, actual);
                int[] ids = ours.encode(text, false).ids();
                if (difference.isEmpty() && !Arrays.equals(ours.encodeIds(text), ids)) {
                    difference = "the fast path gives " + Arrays.toString(ours.encodeIds(text)) + ", the plain one "
                            + Arrays.toString(ids);
                }
                if (difference.isEmpty()) {
                    String decoded =
                            theirs.decode(Arrays.stream(ids).asLongStream().toArray(), true);
                    String own = ours.decode(ids, true);
                    difference = decoded.equals(own) ? "" : "decoded \"" + own + "\", expected \"" + decoded + "\"";
                }
                if (!difference.isEmpty()) {
                    differences.add(escaped(text) + "\n    " + difference);
                }
            }
        }
        assertThat(differences)
                .as("%d of %d texts by %s", differences.size(), TEXTS, what)
                .isEmpty();
    }

    private static String escaped(String text) {
        StringBuilder out = new StringBuilder();
        text.codePoints()
                .forEach(c -> out.append(c < 0x7F && c >= 0x20 ? Character.toString(c) : String.format("{%X}", c)));
        return out.toString();
    }

    private static void assertSame(ai.djl.huggingface.tokenizers.Encoding expected, Encoding actual, String text) {
        assertThat(difference(expected, actual)).as(escaped(text)).isEmpty();
        assertThat(actual.overflowing()).as(escaped(text)).hasSameSizeAs(expected.getOverflowing());
        for (int i = 0; i < expected.getOverflowing().length; i++) {
            assertThat(difference(
                            expected.getOverflowing()[i], actual.overflowing().get(i)))
                    .as(escaped(text))
                    .isEmpty();
        }
    }

    private static String difference(ai.djl.huggingface.tokenizers.Encoding expected, Encoding actual) {
        int[] ids = ints(expected.getIds());
        if (!Arrays.equals(ids, actual.ids())) {
            return "ids " + Arrays.toString(actual.ids()) + ", expected " + Arrays.toString(ids);
        }
        int[] offsets = new int[2 * ids.length];
        CharSpan[] spans = expected.getCharTokenSpans();
        for (int i = 0; i < ids.length; i++) {
            // The binding gives no span for tokens that came from no text.
            offsets[2 * i] = spans[i] == null ? actual.start(i) : spans[i].getStart();
            offsets[2 * i + 1] = spans[i] == null ? actual.end(i) : spans[i].getEnd();
        }
        if (!Arrays.equals(offsets, actual.offsets())) {
            return "offsets " + Arrays.toString(actual.offsets()) + ", expected " + Arrays.toString(offsets);
        }
        if (!Arrays.equals(ints(expected.getTypeIds()), actual.typeIds())) {
            return "type ids " + Arrays.toString(actual.typeIds()) + ", expected "
                    + Arrays.toString(expected.getTypeIds());
        }
        if (!Arrays.equals(ints(expected.getSpecialTokenMask()), actual.specialTokensMask())) {
            return "special mask " + Arrays.toString(actual.specialTokensMask()) + ", expected "
                    + Arrays.toString(expected.getSpecialTokenMask());
        }
        return "";
    }

    private static int[] ints(long[] values) {
        return Arrays.stream(values).mapToInt(v -> (int) v).toArray();
    }
}
