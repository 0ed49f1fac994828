package dev.athanor.tokenizer.encoding;

import dev.athanor.tokenizers.Encoding;
import dev.athanor.tokenizers.Tokenizer;
import dev.athanor.tokenizers.decoders.ByteFallbackDecoder;
import dev.athanor.tokenizers.models.Bpe;
import dev.athanor.tokenizers.models.Model;
import dev.athanor.tokenizers.models.Unigram;
import dev.athanor.tokenizers.models.WordLevel;
import dev.athanor.tokenizers.models.WordPiece;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;

/** What of a text is out of a tokenizer's vocabulary: it became the unknown token, or tokens of single bytes. */
public final class UnknownText {

    private final Tokenizer tokenizer;
    private final BitSet unknownIds = new BitSet();
    private final BitSet byteIds = new BitSet();

    public UnknownText(Tokenizer tokenizer) {
        this.tokenizer = tokenizer;
        Model model = tokenizer.spec().model();
        String unknown = switch (model) {
            case Bpe bpe -> bpe.options().unkToken();
            case WordPiece wordPiece -> wordPiece.unkToken();
            case WordLevel wordLevel -> wordLevel.unkToken();
            case Unigram unigram -> {
                Integer id = unigram.unkId();
                yield id == null ? null : unigram.tokens().get(id).token();
            }
        };
        if (unknown != null && tokenizer.tokenToId(unknown) >= 0) {
            unknownIds.set(tokenizer.tokenToId(unknown));
        }
        boolean bytes = switch (model) {
            case Bpe bpe -> bpe.options().byteFallback();
            case Unigram unigram -> unigram.byteFallback();
            default -> false;
        };
        if (bytes) {
            model.vocabulary().byId().forEach((id, token) -> byteIds.set(id, ByteFallbackDecoder.byteOf(token) >= 0));
        }
    }

    /** Whether the tokenizer has an unknown token or bytes to fall back on. */
    public boolean isPossible() {
        return !unknownIds.isEmpty() || !byteIds.isEmpty();
    }

    /** How many of the ids are the unknown token. */
    public int unknown(int[] ids) {
        return count(ids, unknownIds);
    }

    /** How many of the ids stand for single bytes of characters that the vocabulary has not. */
    public int bytes(int[] ids) {
        return count(ids, byteIds);
    }

    private static int count(int[] ids, BitSet of) {
        int count = 0;
        for (int id : ids) {
            count += of.get(id) ? 1 : 0;
        }
        return count;
    }

    /** The stretches of a text that are out of the vocabulary, in order. */
    public List<String> stretches(String text) {
        Encoding encoding = tokenizer.encode(text, false);
        int[] offsets = encoding.utf16Offsets(text);
        List<String> stretches = new ArrayList<>();
        int end = 0;
        for (int i = 0; i < encoding.length(); i++) {
            int id = encoding.ids()[i];
            // The bytes of one character all have its offsets.
            if ((unknownIds.get(id) || byteIds.get(id)) && offsets[2 * i + 1] > end) {
                end = offsets[2 * i + 1];
                stretches.add(text.substring(offsets[2 * i], end));
            }
        }
        return stretches;
    }
}
