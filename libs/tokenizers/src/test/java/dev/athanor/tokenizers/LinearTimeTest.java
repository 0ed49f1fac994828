package dev.athanor.tokenizers;

import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import dev.athanor.tokenizers.normalizers.BertNormalizer;
import dev.athanor.tokenizers.normalizers.Normalizer;
import dev.athanor.tokenizers.normalizers.NormalizerSequence;
import dev.athanor.tokenizers.normalizers.StripAccents;
import dev.athanor.tokenizers.normalizers.UnicodeNormalizer;
import dev.athanor.tokenizers.pretokenizers.EnglishWords;
import dev.athanor.tokenizers.pretokenizers.PreTokenizer;
import dev.athanor.tokenizers.pretokenizers.TreebankWords;
import dev.athanor.tokenizers.pretokenizers.UnicodeScripts;
import java.text.Normalizer.Form;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Long texts made to hurt, through every kind of tokenizer. A step that is quadratic takes minutes on one of them; the limit is a hundred
 * times what they take.
 */
class LinearTimeTest {

    private static final int LENGTH = 300_000;

    /** Texts by name: each is a pattern over and over. */
    private static Map<String, String> texts() {
        Map<String, String> patterns = new LinkedHashMap<>();
        patterns.put("one letter", "a");
        patterns.put("one word and no end", "the");
        patterns.put("two letters that merge across", "ab");
        patterns.put("marks of one class", "\u0301");
        patterns.put("marks of two classes", "\u0301\u0323");
        patterns.put("blanks", " ");
        patterns.put("blanks and line ends", " \r\n\t");
        patterns.put("one CJK character", "中");
        patterns.put("hangul in parts", "\u1112\u1161");
        patterns.put("emoji joined", "👩\u200D");
        patterns.put("flags", "\uD83C\uDDE9");
        patterns.put("punctuation", "'.");
        patterns.put("digits", "1");
        patterns.put("capitals", "A");
        patterns.put("controls", "\u0001");
        patterns.put("lone surrogates", "\uD800");
        Map<String, String> texts = new LinkedHashMap<>();
        patterns.forEach((name, p) -> texts.put(name, p.repeat(LENGTH / p.length())));
        return texts;
    }

    static Stream<String> layouts() {
        return Stream.of("gpt2", "llama3", "gpt4o", "clip", "bert-uncased", "llama2", "t5", "deberta3", "neox");
    }

    @ParameterizedTest
    @MethodSource("layouts")
    void encodingIsLinear(String layout) {
        Tokenizer tokenizer = Tokenizer.fromJson(PublishedLayouts.all().get(layout));
        texts().forEach((name, text) -> assertTimeoutPreemptively(
                ofSeconds(30),
                () -> {
                    int[] ids = tokenizer.encodeIds(text);
                    assertThat(tokenizer.encode(text, false).ids()).isEqualTo(ids);
                },
                layout + " on " + name));
    }

    @Test
    void normalizersAreLinear() {
        List<Normalizer> normalizers = new ArrayList<>();
        for (Form form : Form.values()) {
            normalizers.add(new UnicodeNormalizer(form));
        }
        normalizers.add(new BertNormalizer(true, true, true, true));
        normalizers.add(new NormalizerSequence(List.of(new UnicodeNormalizer(Form.NFKD), new StripAccents())));
        texts().forEach((name, text) -> {
            for (Normalizer normalizer : normalizers) {
                assertTimeoutPreemptively(
                        ofSeconds(30), () -> normalizer.normalize(AlignedText.of(text)), normalizer + " on " + name);
            }
        });
    }

    @Test
    void wordRulesAreLinear() {
        List<PreTokenizer> rules = List.of(new TreebankWords(), new EnglishWords(), new UnicodeScripts());
        texts().forEach((name, text) -> {
            for (PreTokenizer rule : rules) {
                assertTimeoutPreemptively(ofSeconds(30), () -> rule.split(AlignedText.of(text)), rule + " on " + name);
            }
        });
    }

    /** Tokens made of white space that take the white space around them: each of them would look over all of it. */
    @Test
    void addedTokensThatTakeBlanksAreLinear() {
        String json = PublishedLayouts.all()
                .get("gpt2")
                .replace(
                        "\"added_tokens\":[",
                        "\"added_tokens\":[{\"id\":5000,\"content\":\"  \",\"single_word\":false,\"lstrip\":true,\"rstrip\":true,\"normalized\":false,\"special\":false},");
        Tokenizer tokenizer = Tokenizer.fromJson(json);
        String text = " ".repeat(LENGTH);
        int[] ids = assertTimeoutPreemptively(ofSeconds(30), () -> tokenizer.encodeIds(text));
        // The first takes them all, as in the reference.
        assertThat(ids).containsExactly(5000);
    }

    @Test
    void streamingWhatIsNoTextIsLinear() {
        Tokenizer tokenizer = Tokenizer.fromJson(PublishedLayouts.all().get("gpt2"));
        int lead = tokenizer.tokenToId("ð");
        StreamingDecoder decoder = tokenizer.streamingDecoder(true);
        int length = assertTimeoutPreemptively(ofSeconds(30), () -> {
            int characters = 0;
            for (int i = 0; i < 100_000; i++) {
                characters += decoder.next(lead).length();
            }
            return characters + decoder.finish().length();
        });
        assertThat(length).isEqualTo(100_000);
    }
}
