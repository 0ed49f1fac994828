package dev.athanor.tokenizers.sentencepiece;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.athanor.tokenizers.Shared;
import dev.athanor.tokenizers.Tokenizer;
import dev.athanor.tokenizers.TokenizerSpec;
import dev.athanor.tokenizers.Vocabulary;
import dev.athanor.tokenizers.decoders.ByteLevelDecoder;
import dev.athanor.tokenizers.models.Bpe;
import dev.athanor.tokenizers.pretokenizers.ByteLevel;
import dev.athanor.tokenizers.sentencepiece.SentencePieceModel.Kind;
import dev.athanor.tokenizers.sentencepiece.SentencePieceModel.Piece;
import dev.athanor.tokenizers.sentencepiece.SentencePieceModel.Type;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

class ConversionTest {

    @ParameterizedTest
    @CsvSource({
        "albert-spiece, data/tokenizers/albert-spiece.model",
        "test_sentencepiece_bpe, data/tokenizers/test_sentencepiece_bpe.model",
        "bytefallback, data/tokenizers/test_sentencepiece_with_bytefallback.model",
        "spm-bpe-8000, golden/trained/spm-bpe-8000.model",
        "spm-unigram-8000, golden/trained/spm-unigram-8000.model",
    })
    void aConvertedModelGivesSentencePiecesIds(String name, String file) {
        SentencePieceModel model = SentencePieceModel.parse(Shared.bytes(file));
        Tokenizer tokenizer =
                Tokenizer.fromJson(Tokenizer.of(model.toTokenizer()).toJson());
        int same = 0;
        int all = 0;
        int named = 0;
        int tied = 0;
        List<String> unexplained = new ArrayList<>();
        for (JsonNode line : Shared.jsonLines("golden/spm.jsonl.zst")) {
            all++;
            String text = line.path("text").stringValue();
            int[] expected = Shared.ints(line.path(name));
            int[] actual = tokenizer.encodeIds(text);
            if (Arrays.equals(expected, actual)) {
                same++;
            } else if (namesAControlPiece(model, text)) {
                named++;
            } else if (model.type() == Type.UNIGRAM && Math.abs(score(model, expected) - score(model, actual)) < 1e-4) {
                tied++;
            } else {
                unexplained.add(text);
            }
        }
        System.out.printf(
                "%s as tokenizer.json: %d of %d lines identical, %d name control pieces, %d have two best scores%n",
                name, same, all, named, tied);
        assertThat(unexplained).isEmpty();
        assertThat(named).isLessThanOrEqualTo(1);
        assertThat(tied).isLessThanOrEqualTo(1);
    }

    /** An added token is found where a text has its name; SentencePiece knows no text for control pieces. */
    private static boolean namesAControlPiece(SentencePieceModel model, String text) {
        return model.pieces().stream()
                .filter(p -> p.kind() == Kind.CONTROL || p.kind() == Kind.UNKNOWN)
                .anyMatch(p -> text.contains(p.text()));
    }

    /** What Viterbi maximizes, without the rounding of either side. */
    private static double score(SentencePieceModel model, int[] ids) {
        return Arrays.stream(ids)
                .mapToDouble(id -> model.pieces().get(id).score())
                .sum();
    }

    @ParameterizedTest
    @CsvSource({
        "data/tokenizers/albert-spiece.model",
        "data/tokenizers/test_sentencepiece_bpe.model",
        "data/tokenizers/test_sentencepiece_with_bytefallback.model",
    })
    void thereAndBackGivesTheSameIds(String file) {
        SentencePieceModel model = SentencePieceModel.parse(Shared.bytes(file));
        SentencePieceModel back = SentencePieceModel.of(model.toTokenizer());
        assertThat(back.pieces().stream().map(Piece::text).toList())
                .isEqualTo(model.pieces().stream().map(Piece::text).toList());
        assertThat(back.charsMap()).isEqualTo(model.charsMap());
        SentencePieceTokenizer first = new SentencePieceTokenizer(model);
        SentencePieceTokenizer second = new SentencePieceTokenizer(back);
        for (JsonNode line : Shared.jsonLines("golden/spm.jsonl.zst").subList(0, 400)) {
            String text = line.path("text").stringValue();
            assertThat(second.encodeIds(text)).as(text).isEqualTo(first.encodeIds(text));
        }
    }

    private static SentencePieceModel small(Type type, boolean removeExtra, boolean byteFallback) {
        List<Piece> pieces = new ArrayList<>();
        pieces.add(new Piece("<unk>", 0, Kind.UNKNOWN));
        pieces.add(new Piece("<s>", 0, Kind.CONTROL));
        for (int b = 0; b < 256 && byteFallback; b++) {
            pieces.add(new Piece(String.format("<0x%02X>", b), 0, Kind.BYTE));
        }
        String[] texts = {"▁", "a", "b", "ab", "▁a", "▁ab", "▁▁"};
        for (int i = 0; i < texts.length; i++) {
            pieces.add(new Piece(texts[i], type == Type.BPE ? -texts.length + i : -5 + i * 0.5f, Kind.NORMAL));
        }
        return new SentencePieceModel(type, pieces, new byte[0], true, removeExtra, true, false, byteFallback, " ⁇ ");
    }

    @ParameterizedTest
    @CsvSource({"BPE,true,true", "BPE,false,true", "BPE,false,false", "UNIGRAM,true,true", "UNIGRAM,false,false"})
    void blanksAreTreatedAlike(Type type, boolean removeExtra, boolean byteFallback) {
        SentencePieceModel model = small(type, removeExtra, byteFallback);
        SentencePieceTokenizer expected = new SentencePieceTokenizer(model);
        Tokenizer tokenizer = Tokenizer.of(model.toTokenizer());
        for (String text : List.of("ab a", " ab", "  ab  a ", "", " ", "   ", "abé a", "b\nb ", "a b  b   b")) {
            assertThat(tokenizer.encodeIds(text)).as("'%s'", text).isEqualTo(expected.encodeIds(text));
        }
        SentencePieceTokenizer back = new SentencePieceTokenizer(SentencePieceModel.of(model.toTokenizer()));
        assertThat(back.encodeIds("  ab  a é")).isEqualTo(expected.encodeIds("  ab  a é"));
    }

    @Test
    void wordAndCharacterModelsBecomeWordLevel() {
        Tokenizer words = Tokenizer.of(small(Type.WORD, true, false).toTokenizer());
        assertThat(words.encode(" ab  b a").tokens()).containsExactly("▁ab", "<unk>", "▁a");
        Tokenizer characters = Tokenizer.of(small(Type.CHAR, true, false).toTokenizer());
        assertThat(characters.encode("ab c").tokens()).containsExactly("▁", "a", "b", "▁", "<unk>");
    }

    @Test
    void whatHasNoCounterpartIsNamed() {
        TokenizerSpec gpt = TokenizerSpec.of(
                new ByteLevel(false, true, true),
                new Bpe(Vocabulary.of(Map.of("a", 0)), List.of(), Bpe.Options.DEFAULT),
                new ByteLevelDecoder(true, true, true));
        assertThatThrownBy(() -> SentencePieceModel.of(gpt)).hasMessageContaining("pre_tokenizer: ByteLevel");
    }
}
