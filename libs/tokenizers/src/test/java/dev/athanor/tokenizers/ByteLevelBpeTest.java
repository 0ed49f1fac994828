package dev.athanor.tokenizers;

import static org.assertj.core.api.Assertions.assertThat;

import dev.athanor.tokenizers.decoders.ByteLevelDecoder;
import dev.athanor.tokenizers.pretokenizers.ByteLevel;
import dev.athanor.tokenizers.training.BpeTrainer;
import dev.athanor.tokenizers.training.TrainerOptions;
import dev.athanor.tokenizers.training.WordCounter;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.Test;

class ByteLevelBpeTest {

    private static final Tokenizer TOKENIZER = trained();

    private static Tokenizer trained() {
        ByteLevel pre = new ByteLevel(false, true, true);
        WordCounter counter = new WordCounter(null, pre);
        for (int i = 0; i < 20; i++) {
            counter.count("It's the quick brown fox that doesn't jump over the lazy dog; they've 1234 reasons.\n");
            counter.count("Ça alors, déjà l'été ! 日本語のテキスト と 😀😀 emoji\u200D family 👨‍👩‍👧‍👦.");
        }
        TrainerOptions options = TrainerOptions.bpe(500).withByteAlphabet().withSpecialTokens(List.of("<|endoftext|>"));
        BpeTrainer trainer = new BpeTrainer(options);
        return Tokenizer.of(
                TokenizerSpec.of(pre, trainer.train(counter.counts()), new ByteLevelDecoder(true, true, true))
                        .withAddedTokens(trainer.specialTokens()));
    }

    @Property
    void decodeUndoesEncode(@ForAll @StringLength(max = 200) String text) {
        String wellFormed = AlignedText.of(text).toString();
        assertThat(TOKENIZER.decode(TOKENIZER.encodeIds(text), false)).isEqualTo(wellFormed);
    }

    @Property
    void fastPathEqualsPlainPath(@ForAll @StringLength(max = 200) String text) {
        IntList plain = new IntList();
        TOKENIZER.encodePlain(text, plain);
        assertThat(TOKENIZER.hasFastPath()).isTrue();
        assertThat(TOKENIZER.encodeIds(text)).isEqualTo(plain.toArray());
        assertThat(TOKENIZER.encode(text, false).ids()).isEqualTo(plain.toArray());
    }

    @Test
    void specialTokensAreFoundInTheText() {
        int[] ids = TOKENIZER.encodeIds("fox<|endoftext|>dog");
        assertThat(ids).contains(0);
        assertThat(TOKENIZER.decode(ids, true)).isEqualTo("foxdog");
        assertThat(TOKENIZER.decode(ids, false)).isEqualTo("fox<|endoftext|>dog");
    }

    @Test
    void aTokenizerSurvivesItsFile() {
        Tokenizer again = Tokenizer.fromJson(TOKENIZER.toJson());
        assertThat(again.toJson()).isEqualTo(TOKENIZER.toJson());
        String text = "The lazy dog doesn't jump.";
        assertThat(again.encodeIds(text)).isEqualTo(TOKENIZER.encodeIds(text));
    }

    @Test
    void streamingNeverGivesHalfACharacter() {
        String text = "naïve 👨‍👩‍👧‍👦 日本語 ꙮ";
        StreamingDecoder decoder = TOKENIZER.streamingDecoder(true);
        StringBuilder all = new StringBuilder();
        for (int id : TOKENIZER.encodeIds(text)) {
            String part = decoder.next(id);
            assertThat(part).doesNotContain("\uFFFD");
            all.append(part);
        }
        assertThat(all.append(decoder.finish())).hasToString(text);
    }

    @Test
    void gpt2IdsAreTheReferences() {
        Tokenizer gpt2 = Shared.tokenizer("gpt2");
        for (var line : Shared.jsonLines("golden/tokenize.jsonl.zst")) {
            String text = line.path("text").stringValue();
            int[] expected = Shared.ints(line.path("gpt2"));
            assertThat(gpt2.encodeIds(text)).as(text).isEqualTo(expected);
            assertThat(gpt2.encode(text).ids()).as(text).isEqualTo(expected);
            if (line.has("gpt2/offsets")) {
                int[] offsets = gpt2.encode(text).offsets();
                int i = 0;
                for (var pair : line.path("gpt2/offsets")) {
                    assertThat(offsets[i++]).as(text).isEqualTo(pair.get(0).intValue());
                    assertThat(offsets[i++]).as(text).isEqualTo(pair.get(1).intValue());
                }
                assertThat(gpt2.decode(expected))
                        .isEqualTo(line.path("gpt2/decoded").stringValue());
            }
        }
    }
}
