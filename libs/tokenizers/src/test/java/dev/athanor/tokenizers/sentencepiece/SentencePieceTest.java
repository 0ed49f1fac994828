package dev.athanor.tokenizers.sentencepiece;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.athanor.tokenizers.Shared;
import dev.athanor.tokenizers.sentencepiece.SentencePieceModel.Kind;
import dev.athanor.tokenizers.sentencepiece.SentencePieceModel.Piece;
import dev.athanor.tokenizers.sentencepiece.SentencePieceModel.Type;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

class SentencePieceTest {

    @ParameterizedTest
    @CsvSource({
        "albert-spiece, data/tokenizers/albert-spiece.model",
        "test_sentencepiece_bpe, data/tokenizers/test_sentencepiece_bpe.model",
        "bytefallback, data/tokenizers/test_sentencepiece_with_bytefallback.model",
        "spm-bpe-8000, golden/trained/spm-bpe-8000.model",
        "spm-unigram-8000, golden/trained/spm-unigram-8000.model",
    })
    void idsAreTheReferences(String name, String file) {
        SentencePieceModel model = SentencePieceModel.parse(Shared.bytes(file));
        SentencePieceTokenizer tokenizer = new SentencePieceTokenizer(model);
        // What is written is read again as the same.
        SentencePieceTokenizer again = new SentencePieceTokenizer(SentencePieceModel.parse(model.toBytes()));
        List<String> differences = new ArrayList<>();
        int compared = 0;
        for (JsonNode line : Shared.jsonLines("golden/spm.jsonl.zst")) {
            compared++;
            String text = line.path("text").stringValue();
            int[] expected = Shared.ints(line.path(name));
            int[] ids = tokenizer.encodeIds(text);
            if (!Arrays.equals(ids, expected)) {
                differences.add(
                        text + "\n  is       " + Arrays.toString(ids) + "\n  expected " + Arrays.toString(expected));
            }
            assertThat(again.encodeIds(text)).isEqualTo(ids);
        }
        assertThat(differences)
                .as("%d of %d lines", differences.size(), compared)
                .isEmpty();
        System.out.printf("%s: %d of %d lines identical%n", name, compared, compared);
    }

    private static SentencePieceModel small(Type type, boolean byteFallback) {
        List<Piece> pieces = new ArrayList<>();
        pieces.add(new Piece("<unk>", 0, Kind.UNKNOWN));
        pieces.add(new Piece("<s>", 0, Kind.CONTROL));
        pieces.add(new Piece("<sep>", 0, Kind.USER_DEFINED));
        for (int b = 0; b < 256 && byteFallback; b++) {
            pieces.add(new Piece(String.format("<0x%02X>", b), 0, Kind.BYTE));
        }
        String[] texts = {"▁", "a", "b", "ab", "▁a", "▁ab"};
        for (int i = 0; i < texts.length; i++) {
            pieces.add(new Piece(texts[i], type == Type.BPE ? -texts.length + i : -5 + i * 0.5f, Kind.NORMAL));
        }
        return new SentencePieceModel(type, pieces, new byte[0], true, true, true, false, byteFallback, " ⁇ ");
    }

    @ParameterizedTest
    @CsvSource({"BPE, true", "UNIGRAM, true"})
    void bytesStandInForUnknownCharacters(Type type, boolean byteFallback) {
        SentencePieceTokenizer tokenizer = new SentencePieceTokenizer(small(type, byteFallback));
        String text = "ab é<sep>😀 a";
        assertThat(tokenizer.decode(tokenizer.encodeIds(text))).isEqualTo(text);
        assertThat(tokenizer.encodeIds("  ")).isEmpty();
    }

    @Test
    void unknownCharactersInARowAreOneToken() {
        SentencePieceTokenizer tokenizer = new SentencePieceTokenizer(small(Type.UNIGRAM, false));
        int[] ids = tokenizer.encodeIds("aéèb");
        assertThat(ids).containsOnlyOnce(0);
        assertThat(tokenizer.decode(ids)).isEqualTo("a ⁇ b");
    }

    @Test
    void damagedFilesAreRefused() {
        byte[] bytes = small(Type.BPE, false).toBytes();
        assertThatThrownBy(() -> SentencePieceModel.parse(Arrays.copyOf(bytes, bytes.length - 3)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("SentencePiece model");
    }
}
