package dev.athanor.tokenizers;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Files laid out as those of well-known models, on hard texts: singly, in pairs and in batches, whole and cut and padded, with offsets
 * and masks and back to text, as the reference has it; and the fast path as the plain one.
 */
class PublishedLayoutsTest {

    private static final int TEXTS = Integer.getInteger("texts", 60);
    private static final int FIRST = Integer.getInteger("first", 0);

    private static final List<String> CUTS = List.of(
            "null",
            "{\"direction\":\"Right\",\"max_length\":16,\"strategy\":\"LongestFirst\",\"stride\":3}",
            "{\"direction\":\"Left\",\"max_length\":13,\"strategy\":\"LongestFirst\",\"stride\":0}",
            "{\"direction\":\"Right\",\"max_length\":40,\"strategy\":\"OnlySecond\",\"stride\":4}");
    private static final List<String> PADDINGS = List.of(
            "null",
            "{\"strategy\":\"BatchLongest\",\"direction\":\"Right\",\"pad_to_multiple_of\":8,\"pad_id\":1,\"pad_type_id\":0,\"pad_token\":\"<pad>\"}",
            "{\"strategy\":{\"Fixed\":24},\"direction\":\"Left\",\"pad_to_multiple_of\":null,\"pad_id\":0,\"pad_type_id\":1,\"pad_token\":\"x\"}");

    static Stream<String> names() {
        return PublishedLayouts.all().keySet().stream();
    }

    @ParameterizedTest
    @MethodSource("names")
    void asTheReference(String name) {
        String json = PublishedLayouts.all().get(name);
        List<String> differences = new ArrayList<>();
        int variant = 0;
        for (String cut : CUTS) {
            for (String padding : PADDINGS) {
                String varied = json.replace("\"truncation\":null", "\"truncation\":" + cut)
                        .replace("\"padding\":null", "\"padding\":" + padding);
                int texts = variant == 0 ? 5 * TEXTS : TEXTS / 4;
                String difference = Comparison.of(varied, FIRST + name.hashCode() + variant++, texts);
                if (!difference.isEmpty()) {
                    differences.add(difference + "\n    truncation " + cut + ", padding " + padding);
                }
            }
        }
        assertThat(differences).as(name).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("names")
    void theFastPathIsThePlainOne(String name) {
        String json = PublishedLayouts.all().get(name);
        Tokenizer tokenizer = Tokenizer.of(Tokenizer.fromJson(json).spec().withPostProcessor(null));
        RandomTexts texts = new RandomTexts(FIRST + 7L * name.hashCode(), true);
        for (int i = 0; i < 10 * TEXTS; i++) {
            String text = texts.next();
            Encoding plain = tokenizer.encodePlain(text);
            assertThat(tokenizer.encode(text)).as(text).isEqualTo(plain);
            assertThat(tokenizer.encodeIds(text)).as(text).isEqualTo(plain.ids());
        }
    }

    /** So that the equality above compares two ways, and not one with itself. */
    @Test
    void theseHaveAFastPath() {
        for (String name :
                List.of("gpt2", "roberta", "llama3", "qwen2", "neox", "bert-uncased", "bert-cased", "t5", "xlm-r")) {
            assertThat(Tokenizer.fromJson(PublishedLayouts.all().get(name)).hasFastPath())
                    .as(name)
                    .isTrue();
        }
    }
}
