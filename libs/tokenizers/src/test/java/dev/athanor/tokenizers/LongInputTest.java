package dev.athanor.tokenizers;

import static org.assertj.core.api.Assertions.assertThat;

import dev.athanor.tokenizers.decoders.ByteLevelDecoder;
import dev.athanor.tokenizers.models.Unigram;
import dev.athanor.tokenizers.models.Unigram.ScoredToken;
import dev.athanor.tokenizers.models.WordPiece;
import dev.athanor.tokenizers.normalizers.BertNormalizer;
import dev.athanor.tokenizers.pretokenizers.BertPreTokenizer;
import dev.athanor.tokenizers.pretokenizers.ByteLevel;
import dev.athanor.tokenizers.pretokenizers.Metaspace;
import dev.athanor.tokenizers.pretokenizers.Metaspace.PrependScheme;
import dev.athanor.tokenizers.training.BpeTrainer;
import dev.athanor.tokenizers.training.TrainerOptions;
import dev.athanor.tokenizers.training.WordCounts;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A run of one letter, 10 MB of it: with a quadratic step anywhere these tests would take days. */
class LongInputTest {

    private static final int LENGTH = 10_000_000;
    private static final String TEXT = "a".repeat(LENGTH);

    @Test
    void byteLevelBpe() {
        WordCounts counts = new WordCounts();
        counts.add("aaaaaaaaaaaaaaaa", 5);
        counts.add("ab", 1);
        var bpe = new BpeTrainer(TrainerOptions.bpe(270).withByteAlphabet()).train(counts);
        Tokenizer tokenizer = Tokenizer.of(
                TokenizerSpec.of(new ByteLevel(false, true, true), bpe, new ByteLevelDecoder(true, true, true)));
        int[] ids = tokenizer.encodeIds(TEXT);
        assertThat(ids).hasSize(LENGTH / 16);
        assertThat(tokenizer.idToToken(ids[0])).isEqualTo("a".repeat(16));
    }

    @Test
    void wordPiece() {
        WordPiece model = new WordPiece(Vocabulary.ofList(List.of("[UNK]", "a", "##a")), "[UNK]", "##", 100);
        Tokenizer tokenizer = Tokenizer.of(new TokenizerSpec(
                null,
                null,
                List.of(),
                new BertNormalizer(true, true, null, true),
                new BertPreTokenizer(),
                null,
                null,
                model));
        assertThat(tokenizer.encodeIds(TEXT)).containsExactly(0);
    }

    @Test
    void unigram() {
        Unigram model = new Unigram(
                List.of(
                        new ScoredToken("<unk>", 0),
                        new ScoredToken("▁", -3),
                        new ScoredToken("a", -2),
                        new ScoredToken("aaaa", -4)),
                0,
                false);
        Tokenizer tokenizer = Tokenizer.of(TokenizerSpec.of(
                new Metaspace(0x2581, PrependScheme.ALWAYS, true), model, new ByteLevelDecoder(true, true, true)));
        assertThat(tokenizer.encodeIds(TEXT)).hasSize(1 + LENGTH / 4);
    }
}
