package dev.athanor.tokenizers;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Random tokenizer.json texts: every type of every part, with every option, in any combination. */
final class RandomConfigurations {

    private static final List<String> PIECES = List.of(
            "a", "b", "e", "t", "h", "s", "l", "o", "d", "n", "'", "1", "2", "3", "4", ".", ",", " ", "é", "日", "▁",
            "Ġ", "th", "the", "he", "aa", "aaaa", "ll", "lo", "hello", "world", "don", "▁the", "Ġthe", "▁a", "n't",
            "'s", "##a", "##s", "##he", "##ll", "##e", "##d", "##1", "a</w>", "e</w>", "the</w>", "12", "été", "😀",
            "ð", "Ł", "Ċ", "ĠĠ", "\n", "中", "e\u0301", "\u0301", "A", "T", "The", "가", "...", "!", "한", "ка", "Р");

    private final Random random;
    private List<String> vocabulary = List.of();

    RandomConfigurations(long seed) {
        random = new Random(seed);
    }

    private boolean yes() {
        return random.nextBoolean();
    }

    @SafeVarargs
    private <T> T one(T... of) {
        return of[random.nextInt(of.length)];
    }

    private static String quoted(String s) {
        StringBuilder out = new StringBuilder("\"");
        for (char c : s.toCharArray()) {
            out.append(
                    c == '"' || c == '\\' || c < 0x20 || c > 0x7E
                            ? String.format(Locale.ROOT, "\\u%04x", (int) c)
                            : String.valueOf(c));
        }
        return out.append('"').toString();
    }

    private String many(int most, Supplier<String> each) {
        return IntStream.rangeClosed(1, 1 + random.nextInt(most))
                .mapToObj(i -> each.get())
                .collect(Collectors.joining(","));
    }

    String next() {
        String model = model();
        return "{\"version\":\"1.0\",\"truncation\":" + truncation() + ",\"padding\":" + padding()
                + ",\"added_tokens\":["
                + addedTokens() + "],\"normalizer\":" + (yes() ? "null" : normalizer(1)) + ",\"pre_tokenizer\":"
                + (random.nextInt(8) == 0 ? "null" : preTokenizer(1)) + ",\"post_processor\":"
                + (yes() ? "null" : processor(1)) + ",\"decoder\":" + (random.nextInt(4) == 0 ? "null" : decoder(1))
                + ",\"model\":" + model + "}";
    }

    private String truncation() {
        return random.nextInt(3) > 0
                ? "null"
                : "{\"direction\":\"%s\",\"max_length\":%d,\"strategy\":\"%s\",\"stride\":%d}"
                        .formatted(
                                one("Left", "Right"),
                                one(8, 9, 13, 20),
                                one("LongestFirst", "LongestFirst", "OnlyFirst", "OnlySecond"),
                                random.nextInt(3));
    }

    private String padding() {
        return random.nextInt(3) > 0
                ? "null"
                : "{\"strategy\":%s,\"direction\":\"%s\",\"pad_to_multiple_of\":%s,\"pad_id\":3,\"pad_type_id\":%d,\"pad_token\":\"[PAD]\"}"
                        .formatted(
                                one("\"BatchLongest\"", "{\"Fixed\":24}"),
                                one("Left", "Right"),
                                one("null", "8"),
                                random.nextInt(2));
    }

    private String addedTokens() {
        List<String> contents = new ArrayList<>(List.of(
                "[MASK]",
                "the",
                "The",
                "aaa",
                "😀",
                "é",
                "  ",
                " don",
                "a",
                "<|endoftext|>",
                "日",
                "\n",
                "▁",
                "n't",
                "x y",
                "##"));
        Collections.shuffle(contents, random);
        List<String> tokens = new ArrayList<>();
        int free = vocabulary.size();
        for (String content : contents.subList(0, random.nextInt(5))) {
            int known = vocabulary.indexOf(content);
            tokens.add(
                    "{\"id\":%d,\"content\":%s,\"single_word\":%b,\"lstrip\":%b,\"rstrip\":%b,\"normalized\":%b,\"special\":%b}"
                            .formatted(
                                    known >= 0 ? known : free++, quoted(content), yes(), yes(), yes(), yes(), yes()));
        }
        return String.join(",", tokens);
    }

    private String pattern() {
        return "{\""
                + (yes()
                        ? "String\":" + quoted(one(" ", "a", "the", "'", "ll", "é", "..", "▁"))
                        : "Regex\":"
                                + quoted(one(
                                        "\\s+",
                                        "\\w+",
                                        "[aeiou]",
                                        "\\d{1,2}",
                                        "\\p{L}+|\\p{N}",
                                        "[[:punct:]]",
                                        "(?i)THE",
                                        "^.",
                                        ".$",
                                        "a*",
                                        "[^\\w\\s]",
                                        "(?<=a)b",
                                        "\\p{Lu}\\p{Ll}*",
                                        " ?\\p{L}+| ?\\d+",
                                        "\\n|\\r",
                                        "\\h",
                                        "x|\\s(?=\\S)",
                                        "[0-9][0-9][0-9]",
                                        "[^\\S\\n]+",
                                        "\\r\\n|\\p{M}+",
                                        "\\p{Han}+|[一-龥ぁ-ゟ]+",
                                        " ?[^(\\s|[.,!?…。，、।۔،])]+",
                                        "(?:a|b|[^ab])+?t",
                                        "[!-/:-~&&[^A-Za-z]]",
                                        "'(?:[sdmt]|ll|ve|re)|[^\\r\\n\\p{L}\\p{N}]?+\\p{L}++")))
                + "}";
    }

    private String normalizer(int depth) {
        if (depth > 0 && random.nextInt(4) == 0) {
            return "{\"type\":\"Sequence\",\"normalizers\":[" + many(3, () -> normalizer(depth - 1)) + "]}";
        }
        return switch (random.nextInt(12)) {
            case 0 -> "{\"type\":\"NFC\"}";
            case 1 -> "{\"type\":\"NFD\"}";
            case 2 -> "{\"type\":\"NFKC\"}";
            case 3 -> "{\"type\":\"NFKD\"}";
            case 4 -> "{\"type\":\"Lowercase\"}";
            case 5 -> "{\"type\":\"StripAccents\"}";
            case 6 ->
                "{\"type\":\"BertNormalizer\",\"clean_text\":%b,\"handle_chinese_chars\":%b,\"strip_accents\":%s,\"lowercase\":%b}"
                        .formatted(yes(), yes(), one("null", "true", "false"), yes());
            case 7 ->
                "{\"type\":\"Replace\",\"pattern\":" + pattern() + ",\"content\":"
                        + quoted(one("", " ", "a", "the", "▁", "é日")) + "}";
            case 8 -> "{\"type\":\"Prepend\",\"prepend\":" + quoted(one("▁", " ", "the ", "é")) + "}";
            case 9 -> "{\"type\":\"Strip\",\"strip_left\":%b,\"strip_right\":%b}".formatted(yes(), yes());
            case 10 -> "{\"type\":\"Nmt\"}";
            default -> "{\"type\":\"ByteLevel\"}";
        };
    }

    private String preTokenizer(int depth) {
        if (depth > 0 && random.nextInt(3) == 0) {
            return "{\"type\":\"Sequence\",\"pretokenizers\":[" + many(3, () -> preTokenizer(depth - 1)) + "]}";
        }
        String behavior = one("Removed", "Isolated", "MergedWithPrevious", "MergedWithNext", "Contiguous");
        return switch (random.nextInt(12)) {
            case 10 -> "{\"type\":\"UnicodeScripts\"}";
            case 0, 1 ->
                "{\"type\":\"ByteLevel\",\"add_prefix_space\":%b,\"trim_offsets\":%b,\"use_regex\":%b}"
                        .formatted(yes(), yes(), yes());
            case 2 -> "{\"type\":\"Whitespace\"}";
            case 3 -> "{\"type\":\"WhitespaceSplit\"}";
            case 4 -> "{\"type\":\"BertPreTokenizer\"}";
            case 5, 6 ->
                "{\"type\":\"Metaspace\",\"replacement\":\"▁\",\"prepend_scheme\":\"%s\",\"split\":%b}"
                        .formatted(one("always", "first", "never"), yes());
            case 7 -> "{\"type\":\"Punctuation\",\"behavior\":\"" + behavior + "\"}";
            case 8 -> "{\"type\":\"Digits\",\"individual_digits\":%b}".formatted(yes());
            case 9 ->
                "{\"type\":\"Split\",\"pattern\":%s,\"behavior\":\"%s\",\"invert\":%b}"
                        .formatted(pattern(), behavior, yes());
            default -> "{\"type\":\"CharDelimiterSplit\",\"delimiter\":" + quoted(one(" ", "a", "é", "😀")) + "}";
        };
    }

    private String processor(int depth) {
        if (depth > 0 && random.nextInt(4) == 0) {
            // The reference panics where a template follows what already added tokens.
            return "{\"type\":\"Sequence\",\"processors\":[" + byteLevelProcessor() + "," + processor(0) + "]}";
        }
        return switch (random.nextInt(4)) {
            case 0 -> "{\"type\":\"BertProcessing\",\"sep\":[\"[SEP]\",2],\"cls\":[\"[CLS]\",1]}";
            case 1 ->
                "{\"type\":\"RobertaProcessing\",\"sep\":[\"[SEP]\",2],\"cls\":[\"[CLS]\",1],\"trim_offsets\":%b,\"add_prefix_space\":%b}"
                        .formatted(yes(), yes());
            case 2 -> byteLevelProcessor();
            default -> template();
        };
    }

    private String byteLevelProcessor() {
        return "{\"type\":\"ByteLevel\",\"add_prefix_space\":%b,\"trim_offsets\":%b,\"use_regex\":%b}"
                .formatted(yes(), yes(), yes());
    }

    private String template() {
        String cls = "{\"SpecialToken\":{\"id\":\"[CLS]\",\"type_id\":%d}}".formatted(random.nextInt(2));
        String sep = "{\"SpecialToken\":{\"id\":\"[SEP]\",\"type_id\":%d}}".formatted(random.nextInt(3));
        String a = "{\"Sequence\":{\"id\":\"A\",\"type_id\":%d}}".formatted(random.nextInt(2));
        String b = "{\"Sequence\":{\"id\":\"B\",\"type_id\":%d}}".formatted(random.nextInt(3));
        String single = one(a, cls + "," + a, a + "," + sep, cls + "," + a + "," + sep);
        String pair = one(a + "," + b, cls + "," + a + "," + sep + "," + b + "," + sep, b + "," + sep + "," + a);
        return "{\"type\":\"TemplateProcessing\",\"single\":[" + single + "],\"pair\":[" + pair
                + "],\"special_tokens\":{\"[CLS]\":{\"id\":\"[CLS]\",\"ids\":[1],\"tokens\":[\"[CLS]\"]},"
                + (yes()
                        ? "\"[SEP]\":{\"id\":\"[SEP]\",\"ids\":[2],\"tokens\":[\"[SEP]\"]}}}"
                        : "\"[SEP]\":{\"id\":\"[SEP]\",\"ids\":[2,3],\"tokens\":[\"[SEP]\",\"[PAD]\"]}}}");
    }

    private String decoder(int depth) {
        if (depth > 0 && random.nextInt(3) == 0) {
            return "{\"type\":\"Sequence\",\"decoders\":[" + many(4, () -> decoder(0)) + "]}";
        }
        return switch (random.nextInt(9)) {
            case 0 -> "{\"type\":\"ByteLevel\",\"add_prefix_space\":true,\"trim_offsets\":true,\"use_regex\":true}";
            case 1 -> "{\"type\":\"WordPiece\",\"prefix\":\"##\",\"cleanup\":%b}".formatted(yes());
            case 2 ->
                "{\"type\":\"Metaspace\",\"replacement\":\"▁\",\"prepend_scheme\":\"%s\",\"split\":%b}"
                        .formatted(one("always", "first", "never"), yes());
            case 3 -> "{\"type\":\"BPEDecoder\",\"suffix\":" + quoted(one("</w>", "e")) + "}";
            case 4 ->
                "{\"type\":\"CTC\",\"pad_token\":\"[PAD]\",\"word_delimiter_token\":\"|\",\"cleanup\":%b}"
                        .formatted(yes());
            case 5 -> "{\"type\":\"ByteFallback\"}";
            case 6 -> "{\"type\":\"Fuse\"}";
            case 7 ->
                // The reference panics where a token is shorter than what is to go.
                depth == 0
                        ? "{\"type\":\"Fuse\"}"
                        : "{\"type\":\"Strip\",\"content\":%s,%s}"
                                .formatted(
                                        quoted(one(" ", "a", "▁")),
                                        one("\"start\":1,\"stop\":0", "\"start\":0,\"stop\":1"));
            default ->
                "{\"type\":\"Replace\",\"pattern\":" + pattern() + ",\"content\":" + quoted(one("", " ", "a", "é"))
                        + "}";
        };
    }

    private List<String> vocabulary(boolean bytes) {
        List<String> tokens = new ArrayList<>(List.of("[UNK]", "[CLS]", "[SEP]", "[PAD]"));
        if (bytes) {
            IntStream.range(0, 256).forEach(b -> tokens.add(String.format(Locale.ROOT, "<0x%02X>", b)));
        }
        PIECES.stream().filter(p -> random.nextInt(8) > 0).forEach(tokens::add);
        vocabulary = tokens;
        return tokens;
    }

    private String ids(List<String> tokens) {
        return "{"
                + IntStream.range(0, tokens.size())
                        .mapToObj(i -> quoted(tokens.get(i)) + ":" + i)
                        .collect(Collectors.joining(","))
                + "}";
    }

    private String model() {
        boolean bytes = random.nextInt(3) == 0;
        return switch (random.nextInt(5)) {
            case 0 ->
                "{\"type\":\"WordPiece\",\"unk_token\":\"[UNK]\",\"continuing_subword_prefix\":\"##\",\"max_input_chars_per_word\":%d,\"vocab\":%s}"
                        .formatted(one(3, 20, 100), ids(vocabulary(false)));
            case 1 -> "{\"type\":\"WordLevel\",\"vocab\":" + ids(vocabulary(false)) + ",\"unk_token\":\"[UNK]\"}";
            case 2 -> {
                List<String> tokens = vocabulary(bytes);
                yield "{\"type\":\"Unigram\",\"unk_id\":0,\"vocab\":["
                        + tokens.stream()
                                .map(t -> "[" + quoted(t) + ",-" + (1 + random.nextInt(900) / 100.0) + "]")
                                .collect(Collectors.joining(","))
                        + "],\"byte_fallback\":" + bytes + "}";
            }
            default -> bpe(vocabulary(bytes), bytes);
        };
    }

    private String bpe(List<String> tokens, boolean bytes) {
        // With bytes to fall back on, the reference spells prefix and suffix too, and loses count of its offsets.
        String prefix = bytes ? "" : one("", "", "##");
        String suffix = bytes ? "" : one("", "", "</w>");
        List<String> merges = new ArrayList<>();
        for (String left : tokens) {
            for (String right : tokens) {
                String tail = right.startsWith(prefix) ? right.substring(prefix.length()) : null;
                if (tail != null
                        && !left.startsWith("[")
                        && !left.startsWith("<0x")
                        && tokens.contains(left + tail)
                        && !tail.isEmpty()
                        && random.nextInt(5) > 0) {
                    merges.add("[" + quoted(left) + "," + quoted(right) + "]");
                }
            }
        }
        Collections.shuffle(merges, random);
        return "{\"type\":\"BPE\",\"dropout\":null,\"unk_token\":%s,\"continuing_subword_prefix\":%s,\"end_of_word_suffix\":%s,\"fuse_unk\":%b,\"byte_fallback\":%b,\"ignore_merges\":%b,\"vocab\":%s,\"merges\":[%s]}"
                .formatted(
                        one("null", "\"[UNK]\"", "\"[UNK]\""),
                        prefix.isEmpty() ? "null" : quoted(prefix),
                        suffix.isEmpty() ? "null" : quoted(suffix),
                        yes(),
                        bytes,
                        yes(),
                        ids(tokens),
                        String.join(",", merges));
    }
}
