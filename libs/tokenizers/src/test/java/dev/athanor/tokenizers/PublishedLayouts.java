package dev.athanor.tokenizers;

import dev.athanor.tokenizers.decoders.FuseDecoder;
import dev.athanor.tokenizers.internal.KnownPatterns;
import dev.athanor.tokenizers.models.Bpe;
import dev.athanor.tokenizers.models.Model;
import dev.athanor.tokenizers.models.Unigram;
import dev.athanor.tokenizers.models.WordLevel;
import dev.athanor.tokenizers.pretokenizers.ByteLevel;
import dev.athanor.tokenizers.pretokenizers.Metaspace;
import dev.athanor.tokenizers.pretokenizers.Metaspace.PrependScheme;
import dev.athanor.tokenizers.pretokenizers.PreTokenizer;
import dev.athanor.tokenizers.training.BpeTrainer;
import dev.athanor.tokenizers.training.TrainerOptions;
import dev.athanor.tokenizers.training.UnigramOptions;
import dev.athanor.tokenizers.training.UnigramTrainer;
import dev.athanor.tokenizers.training.WordCounter;
import dev.athanor.tokenizers.training.WordCounts;
import dev.athanor.tokenizers.training.WordPieceTrainer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.JsonNodeFactory;

/**
 * tokenizer.json texts laid out as those of well-known models: their normalizers, pre-tokenizers, post-processors, decoders, added tokens
 * and model options, around small vocabularies trained here.
 */
final class PublishedLayouts {

    private static final String BYTES = """
            {"type":"ByteLevel","add_prefix_space":%b,"trim_offsets":%b,"use_regex":%b}""";
    private static final String META = """
            {"type":"Metaspace","replacement":"▁","prepend_scheme":"%s","split":%b}""";
    private static final String DEEPSEEK_WORDS =
            "[!\"#$%&'()*+,\\-./:;<=>?@\\[\\\\\\]^_`{|}~][A-Za-z]+|[^\\r\\n\\p{L}\\p{P}\\p{S}]?[\\p{L}\\p{M}]+| ?[\\p{P}\\p{S}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+";
    private static final String CLIP_WORDS =
            "<\\|startoftext\\|>|<\\|endoftext\\|>|'s|'t|'re|'ve|'m|'ll|'d|[\\p{L}]+|[\\p{N}]|[^\\s\\p{L}\\p{N}]+";
    private static final String BLOOM_WORDS = " ?[^(\\s|[.,!?…。，、।۔،])]+";
    private static final String FALLBACK_DECODER = """
            {"type":"Sequence","decoders":[{"type":"Replace","pattern":{"String":"▁"},"content":" "},{"type":"ByteFallback"},{"type":"Fuse"}%s]}""";
    private static final String STRIP_ONE = ",{\"type\":\"Strip\",\"content\":\" \",\"start\":1,\"stop\":0}";

    private static final Map<String, String> MODELS = new HashMap<>();

    private PublishedLayouts() {}

    /** The layouts by name. */
    static Map<String, String> all() {
        Map<String, String> all = new LinkedHashMap<>();
        String gpt = bytes(false, true, true);
        all.put("gpt2", json("null", gpt, bytes(true, false, true), gpt, byteLevel(), special("<|endoftext|>", true)));
        all.put(
                "roberta",
                json(
                        "null",
                        gpt,
                        "{\"type\":\"RobertaProcessing\",\"sep\":[\"</s>\",2],\"cls\":[\"<s>\",0],\"trim_offsets\":true,\"add_prefix_space\":false}",
                        gpt,
                        byteLevel(),
                        special("<s>", true),
                        special("</s>", true),
                        special("<unk>", true),
                        "{\"content\":\"<mask>\",\"single_word\":false,\"lstrip\":true,\"rstrip\":false,\"normalized\":false,\"special\":true}"));
        all.put(
                "whisper",
                json(
                        "null",
                        gpt,
                        template("<|endoftext|>", "A", "<|endoftext|>"),
                        gpt,
                        byteLevel(),
                        special("<|endoftext|>", false)));
        String llama3 =
                sequence("pretokenizers", split(KnownPatterns.CL100K, "Isolated", false), bytes(false, true, false));
        all.put(
                "llama3",
                json(
                        "null",
                        llama3,
                        sequence("processors", bytes(true, false, true), template("<s>", "A")),
                        bytes(true, true, true),
                        ignoringMerges(byteLevel()),
                        special("<s>", false),
                        special("<|endoftext|>", false)));
        String qwen = sequence(
                "pretokenizers",
                split(KnownPatterns.CL100K.replace("{1,3}", ""), "Isolated", false),
                bytes(false, false, false));
        all.put(
                "qwen2",
                json(
                        "{\"type\":\"NFC\"}",
                        qwen,
                        bytes(false, false, false),
                        bytes(false, false, false),
                        byteLevel(),
                        special("<|endoftext|>", false),
                        special("<s>", false)));
        all.put(
                "gpt4o",
                json(
                        "null",
                        sequence(
                                "pretokenizers",
                                split(KnownPatterns.O200K, "Removed", true),
                                bytes(false, true, false)),
                        bytes(true, false, true),
                        bytes(true, true, true),
                        byteLevel(),
                        special("<|endoftext|>", false)));
        all.put(
                "deepseek3",
                json(
                        "{\"type\":\"Sequence\",\"normalizers\":[]}",
                        sequence(
                                "pretokenizers",
                                split("\\p{N}{1,3}", "Isolated", false),
                                split("[一-龥\u3040-ゟ゠-ヿ]+", "Isolated", false),
                                split(DEEPSEEK_WORDS, "Isolated", false),
                                bytes(false, true, false)),
                        bytes(true, false, true),
                        bytes(true, true, true),
                        byteLevel(),
                        "{\"content\":\"<s>\",\"single_word\":false,\"lstrip\":false,\"rstrip\":false,\"normalized\":true,\"special\":true}"));
        all.put(
                "falcon",
                json(
                        "null",
                        sequence(
                                "pretokenizers",
                                "{\"type\":\"Punctuation\",\"behavior\":\"Contiguous\"}",
                                gpt,
                                "{\"type\":\"Digits\",\"individual_digits\":false}",
                                split("[0-9][0-9][0-9]", "Isolated", false)),
                        "null",
                        bytes(true, true, true),
                        byteLevel(),
                        special("<|endoftext|>", false)));
        all.put(
                "bloom",
                json(
                        "null",
                        sequence("pretokenizers", split(BLOOM_WORDS, "Isolated", false), bytes(false, true, false)),
                        bytes(true, false, false),
                        bytes(true, true, false),
                        byteLevel(),
                        special("</s>", false)));
        all.put(
                "starcoder",
                json(
                        "null",
                        sequence("pretokenizers", "{\"type\":\"Digits\",\"individual_digits\":true}", gpt),
                        "null",
                        bytes(true, true, true),
                        byteLevel(),
                        special("<|endoftext|>", false)));
        all.put(
                "neox",
                json(
                        "{\"type\":\"NFC\"}",
                        gpt,
                        bytes(false, true, true),
                        gpt,
                        byteLevel(),
                        special("<|endoftext|>", false),
                        plain("  ", true),
                        plain("    ", true),
                        plain("\\n\\n", true)));
        all.put(
                "clip",
                json(
                        sequence(
                                "normalizers",
                                "{\"type\":\"NFC\"}",
                                "{\"type\":\"Replace\",\"pattern\":{\"Regex\":\"\\\\s+\"},\"content\":\" \"}",
                                "{\"type\":\"Lowercase\"}"),
                        sequence("pretokenizers", split(CLIP_WORDS, "Removed", true), gpt),
                        "{\"type\":\"RobertaProcessing\",\"sep\":[\"</s>\",2],\"cls\":[\"<s>\",0],\"trim_offsets\":false,\"add_prefix_space\":false}",
                        gpt,
                        clip(),
                        special("<|endoftext|>", false)));
        all.put("bert-uncased", bert(true));
        all.put("bert-cased", bert(false));
        addSentencePieces(all);
        return all;
    }

    private static void addSentencePieces(Map<String, String> all) {
        String marks = sequence(
                "normalizers",
                "{\"type\":\"Prepend\",\"prepend\":\"▁\"}",
                "{\"type\":\"Replace\",\"pattern\":{\"String\":\" \"},\"content\":\"▁\"}");
        String[] tokens = {special("<unk>", false), special("<s>", false), special("</s>", false)};
        all.put(
                "llama2",
                json(
                        marks,
                        "null",
                        template("<s>", "A"),
                        FALLBACK_DECODER.formatted(STRIP_ONE),
                        byteFallback(),
                        tokens));
        all.put(
                "mistral",
                json(
                        "null",
                        META.formatted("first", false),
                        template("<s>", "A"),
                        FALLBACK_DECODER.formatted(STRIP_ONE),
                        byteFallback(),
                        tokens));
        all.put(
                "gemma",
                json(
                        "{\"type\":\"Replace\",\"pattern\":{\"String\":\" \"},\"content\":\"▁\"}",
                        "{\"type\":\"Split\",\"pattern\":{\"String\":\" \"},\"behavior\":\"MergedWithPrevious\",\"invert\":false}",
                        template("<s>", "A"),
                        FALLBACK_DECODER.formatted(""),
                        byteFallback(),
                        special("<s>", false),
                        plain("\\n\\n", false),
                        plain("▁▁", false)));
        String words = sequence("pretokenizers", "{\"type\":\"WhitespaceSplit\"}", META.formatted("always", true));
        String mask =
                "{\"content\":\"<mask>\",\"single_word\":false,\"lstrip\":true,\"rstrip\":false,\"normalized\":false,\"special\":true}";
        String nfkc = "{\"type\":\"NFKC\"}";
        all.put("t5", json(nfkc, words, template("A", "</s>"), META.formatted("always", true), unigram(false), tokens));
        all.put(
                "xlm-r",
                json(
                        nfkc,
                        words,
                        template("<s>", "A", "</s>"),
                        META.formatted("always", true),
                        unigram(false),
                        tokens[0],
                        tokens[1],
                        tokens[2],
                        mask));
        all.put(
                "albert",
                json(
                        sequence(
                                "normalizers",
                                "{\"type\":\"Replace\",\"pattern\":{\"String\":\"``\"},\"content\":\"\\\"\"}",
                                "{\"type\":\"Replace\",\"pattern\":{\"String\":\"''\"},\"content\":\"\\\"\"}",
                                "{\"type\":\"NFKD\"}",
                                "{\"type\":\"StripAccents\"}",
                                "{\"type\":\"Lowercase\"}"),
                        words,
                        template("<s>", "A", "</s>"),
                        META.formatted("always", true),
                        unigram(false),
                        tokens[0],
                        tokens[1],
                        tokens[2],
                        mask));
        all.put(
                "deberta3",
                json(
                        sequence(
                                "normalizers",
                                "{\"type\":\"Strip\",\"strip_left\":true,\"strip_right\":true}",
                                nfkc,
                                "{\"type\":\"Replace\",\"pattern\":{\"Regex\":\" {2,}\"},\"content\":\" \"}"),
                        META.formatted("always", true),
                        template("<s>", "A", "</s>"),
                        META.formatted("always", true),
                        unigram(true),
                        tokens));
        all.put(
                "wav2vec2",
                json(
                        "{\"type\":\"Replace\",\"pattern\":{\"String\":\" \"},\"content\":\"|\"}",
                        split("", "Isolated", false),
                        "null",
                        "{\"type\":\"CTC\",\"pad_token\":\"<pad>\",\"word_delimiter_token\":\"|\",\"cleanup\":true}",
                        letters(),
                        special("<s>", false)));
    }

    private static String bert(boolean uncased) {
        return json(
                "{\"type\":\"BertNormalizer\",\"clean_text\":true,\"handle_chinese_chars\":true,\"strip_accents\":null,\"lowercase\":"
                        + uncased + "}",
                "{\"type\":\"BertPreTokenizer\"}",
                template("[CLS]", "A", "[SEP]"),
                "{\"type\":\"WordPiece\",\"prefix\":\"##\",\"cleanup\":true}",
                wordPiece(uncased),
                special("[PAD]", false),
                special("[UNK]", false),
                special("[CLS]", false),
                special("[SEP]", false),
                special("[MASK]", false));
    }

    // ---- parts

    private static String bytes(boolean prefix, boolean trim, boolean regex) {
        return BYTES.formatted(prefix, trim, regex);
    }

    private static String sequence(String field, String... steps) {
        return "{\"type\":\"Sequence\",\"" + field + "\":[" + String.join(",", steps) + "]}";
    }

    private static String quoted(String s) {
        return JsonNodeFactory.instance.stringNode(s).toString();
    }

    private static String split(String expression, String behavior, boolean invert) {
        return "{\"type\":\"Split\",\"pattern\":{\"Regex\":" + quoted(expression) + "},\"behavior\":\"" + behavior
                + "\",\"invert\":" + invert + "}";
    }

    private static String special(String content, boolean normalized) {
        return "{\"content\":\"" + content
                + "\",\"single_word\":false,\"lstrip\":false,\"rstrip\":false,\"normalized\":" + normalized
                + ",\"special\":true}";
    }

    private static String plain(String content, boolean normalized) {
        return special(content, normalized).replace("\"special\":true", "\"special\":false");
    }

    /** A template of special tokens around {@code A}, and the same around {@code B} behind it. */
    private static String template(String... parts) {
        StringBuilder single = new StringBuilder();
        StringBuilder pair = new StringBuilder();
        StringBuilder specials = new StringBuilder();
        for (String text : new String[] {"A", "B"}) {
            for (String part : parts) {
                int type = text.equals("A") ? 0 : 1;
                String piece = part.equals("A")
                        ? "{\"Sequence\":{\"id\":\"" + text + "\",\"type_id\":" + type + "}}"
                        : "{\"SpecialToken\":{\"id\":\"" + part + "\",\"type_id\":" + type + "}}";
                pair.append(pair.isEmpty() ? "" : ",").append(piece);
                if (type == 0) {
                    single.append(single.isEmpty() ? "" : ",").append(piece);
                }
                if (type == 0 && !part.equals("A") && specials.indexOf("\"" + part + "\"") < 0) {
                    specials.append(specials.isEmpty() ? "" : ",")
                            .append("\"%1$s\":{\"id\":\"%1$s\",\"ids\":[1],\"tokens\":[\"%1$s\"]}".formatted(part));
                }
            }
        }
        return "{\"type\":\"TemplateProcessing\",\"single\":[" + single + "],\"pair\":[" + pair
                + "],\"special_tokens\":{" + specials + "}}";
    }

    private static String json(
            String normalizer, String pre, String post, String decoder, String model, String... added) {
        Tokenizer known = Tokenizer.fromJson("{\"model\":" + model + "}");
        int free = known.vocabSize();
        List<String> tokens = new ArrayList<>();
        for (String token : added) {
            String content = JsonMapper.shared().readTree(token).path("content").stringValue();
            int id = known.tokenToId(content);
            tokens.add("{\"id\":" + (id >= 0 ? id : free++) + "," + token.substring(1));
        }
        return "{\"version\":\"1.0\",\"truncation\":null,\"padding\":null,\"added_tokens\":["
                + String.join(",", tokens) + "],\"normalizer\":" + normalizer + ",\"pre_tokenizer\":" + pre
                + ",\"post_processor\":" + post + ",\"decoder\":" + decoder + ",\"model\":" + model + "}";
    }

    // ---- models

    private static String model(String name, Function<String, Model> train) {
        return MODELS.computeIfAbsent(name, n -> {
            Tokenizer tokenizer =
                    Tokenizer.of(TokenizerSpec.of(new ByteLevel(false, true, true), train.apply(n), new FuseDecoder()));
            return JsonMapper.shared()
                    .readTree(tokenizer.toJson())
                    .path("model")
                    .toString();
        });
    }

    private static WordCounts counts(PreTokenizer pre, boolean lower) {
        WordCounter counter = new WordCounter(null, pre);
        RandomTexts texts = new RandomTexts(4711, false);
        for (int i = 0; i < 600; i++) {
            String text = texts.next();
            counter.count(lower ? text.toLowerCase(Locale.ROOT) : text);
        }
        return counter.counts();
    }

    private static TrainerOptions options(int size, String... special) {
        return TrainerOptions.bpe(size).withSpecialTokens(List.of(special));
    }

    private static String byteLevel() {
        return model(
                "byte-level",
                n -> new BpeTrainer(options(700, "<s>", "<|endoftext|>", "</s>").withByteAlphabet())
                        .train(counts(new ByteLevel(false, true, true), false)));
    }

    private static String ignoringMerges(String model) {
        return model.replace("\"ignore_merges\":false", "\"ignore_merges\":true");
    }

    private static String clip() {
        return model("clip", n -> {
            WordCounts counts = counts(new ByteLevel(false, true, true), true);
            TrainerOptions o = options(900, "<s>", "<|endoftext|>", "</s>").withByteAlphabet();
            TrainerOptions options = new TrainerOptions(
                    o.vocabSize(),
                    o.minFrequency(),
                    o.specialTokens(),
                    o.limitAlphabet(),
                    o.initialAlphabet(),
                    "",
                    "</w>",
                    o.maxTokenLength(),
                    List.of());
            Bpe bpe = new BpeTrainer(options).train(counts);
            return new Bpe(
                    bpe.vocabulary(),
                    bpe.merges(),
                    new Bpe.Options(null, "<|endoftext|>", "", "</w>", false, false, false));
        });
    }

    private static String byteFallback() {
        return model("byte-fallback", n -> {
            String[] special = new String[259];
            special[0] = "<unk>";
            special[1] = "<s>";
            special[2] = "</s>";
            for (int b = 0; b < 256; b++) {
                special[3 + b] = String.format(Locale.ROOT, "<0x%02X>", b);
            }
            Bpe bpe = new BpeTrainer(options(700, special).withLimitAlphabet(60))
                    .train(counts(new Metaspace(0x2581, PrependScheme.ALWAYS, true), false));
            return new Bpe(
                    bpe.vocabulary(), bpe.merges(), new Bpe.Options(null, "<unk>", null, null, true, true, false));
        });
    }

    private static String unigram(boolean byteFallback) {
        return model("unigram" + byteFallback, n -> {
            List<String> special = new ArrayList<>(List.of("<unk>", "<s>", "</s>", "<pad>"));
            for (int b = 0; b < 256 && byteFallback; b++) {
                special.add(String.format(Locale.ROOT, "<0x%02X>", b));
            }
            Unigram trained = new UnigramTrainer(UnigramOptions.of(600).withSpecialTokens(special, "<unk>"))
                    .train(counts(new Metaspace(0x2581, PrependScheme.ALWAYS, true), false));
            // Some characters are taken away, so that there is something unknown.
            List<Unigram.ScoredToken> tokens = trained.tokens().stream()
                    .filter(t -> !"한中ש👍éß_$".contains(t.token()))
                    .toList();
            return new Unigram(tokens, 0, byteFallback);
        });
    }

    private static String wordPiece(boolean uncased) {
        return model(
                "wordpiece" + uncased,
                n -> new WordPieceTrainer(
                                TrainerOptions.wordPiece(500)
                                        .withSpecialTokens(List.of("[PAD]", "[CLS]", "[UNK]", "[SEP]", "[MASK]"))
                                        .withLimitAlphabet(80),
                                "[UNK]")
                        .train(counts(new dev.athanor.tokenizers.pretokenizers.BertPreTokenizer(), uncased)));
    }

    private static String letters() {
        return model(
                "letters",
                n -> new WordLevel(
                        Vocabulary.ofList(
                                List.of("<pad>", "<s>", "</s>", "<unk>", "|", "e", "t", "h", "o", "é", "😀", "한", "'")),
                        "<unk>"));
    }
}
