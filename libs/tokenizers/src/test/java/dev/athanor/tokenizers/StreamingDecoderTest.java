package dev.athanor.tokenizers;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Text given out id by id is the text of all ids, and no part of it ends within a character. */
class StreamingDecoderTest {

    private static final Tokenizer GPT2 =
            Tokenizer.fromJson(PublishedLayouts.all().get("gpt2"));
    private static final Tokenizer LLAMA2 =
            Tokenizer.fromJson(PublishedLayouts.all().get("llama2"));

    private static String streamed(Tokenizer tokenizer, int[] ids) {
        StreamingDecoder decoder = tokenizer.streamingDecoder(true);
        StringBuilder all = new StringBuilder();
        for (int id : ids) {
            all.append(decoder.next(id));
        }
        return all.append(decoder.finish()).toString();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"gpt2", "llama3", "qwen2", "llama2", "mistral", "gemma", "t5", "xlm-r", "bert-cased", "clip"})
    void theTextOfAllIds(String layout) {
        Tokenizer tokenizer = Tokenizer.fromJson(PublishedLayouts.all().get(layout));
        RandomTexts texts = new RandomTexts(layout.hashCode(), true);
        for (int i = 0; i < 200; i++) {
            // What names a byte becomes that byte, which by itself may be no text.
            int[] ids = tokenizer.encodeIds(texts.next().replace("<0x", ""));
            assertThat(streamed(tokenizer, ids)).isEqualTo(tokenizer.decode(ids, true));
        }
    }

    @Property(tries = 300)
    void neverHalfACharacter(@ForAll @StringLength(max = 60) String any) {
        String text = AlignedText.of(any).toString().replace("\uFFFD", "");
        for (Tokenizer tokenizer : new Tokenizer[] {GPT2, LLAMA2}) {
            StreamingDecoder decoder = tokenizer.streamingDecoder(false);
            StringBuilder all = new StringBuilder();
            int[] ids = tokenizer.encodeIds(text);
            for (int id : ids) {
                String part = decoder.next(id);
                assertThat(part).doesNotContain("\uFFFD");
                assertThat(part.isEmpty() || !Character.isHighSurrogate(part.charAt(part.length() - 1)))
                        .isTrue();
                all.append(part);
            }
            assertThat(all.append(decoder.finish())).hasToString(tokenizer.decode(ids, false));
        }
    }

    @Property(tries = 300)
    void bytesComeBackAsTheyWent(@ForAll @StringLength(max = 200) String any) {
        String text = AlignedText.of(any).toString();
        assertThat(GPT2.decode(GPT2.encodeIds(text), false)).isEqualTo(text);
    }

    /** Random ids are mostly no UTF-8: what is whole still comes, and soon. */
    @Test
    void malformedBytesDoNotStopTheStream() {
        Random random = new Random(5);
        for (Tokenizer tokenizer : new Tokenizer[] {GPT2, LLAMA2}) {
            int word = tokenizer.encodeIds("hello")[0];
            for (int round = 0; round < 200; round++) {
                StreamingDecoder decoder = tokenizer.streamingDecoder(true);
                int first = 3;
                for (int i = 0; i < 20; i++) {
                    decoder.next(first + random.nextInt(256));
                }
                StringBuilder after = new StringBuilder();
                for (int i = 0; i < 12; i++) {
                    after.append(decoder.next(word));
                }
                assertThat(after)
                        .contains(tokenizer.decode(new int[] {word, word}, true).strip());
                decoder.finish();
            }
        }
    }

    @Test
    void malformedByteLevelTextIsTheSameInAnyCase() {
        Random random = new Random(6);
        for (int round = 0; round < 500; round++) {
            int[] ids = random.ints(40, 3, 700).toArray();
            assertThat(streamed(GPT2, ids)).isEqualTo(GPT2.decode(ids, true));
        }
    }
}
