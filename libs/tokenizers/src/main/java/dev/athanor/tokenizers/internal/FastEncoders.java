package dev.athanor.tokenizers.internal;

import dev.athanor.tokenizers.TokenizerSpec;
import dev.athanor.tokenizers.models.Bpe;
import dev.athanor.tokenizers.pretokenizers.ByteLevel;
import dev.athanor.tokenizers.pretokenizers.PreTokenizer;
import dev.athanor.tokenizers.pretokenizers.PreTokenizerSequence;
import dev.athanor.tokenizers.pretokenizers.Split;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Knows which combinations of parts have a fast encoder. */
public final class FastEncoders {

    private FastEncoders() {}

    /** The fast encoder for the parts, or null where only the plain path does. */
    public static @Nullable FastEncoder of(TokenizerSpec spec) {
        PreTokenizer pre = spec.preTokenizer();
        if (spec.model() instanceof Bpe bpe && spec.normalizer() == null && pre != null && ByteLevelBpe.fits(bpe)) {
            return byteLevel(bpe, pre);
        }
        return null;
    }

    private static @Nullable FastEncoder byteLevel(Bpe bpe, PreTokenizer pre) {
        if (pre instanceof ByteLevel bytes && bytes.useRegex()) {
            return new ByteLevelBpe(bpe, new Gpt2Scanner(), bytes.addPrefixSpace());
        }
        if (pre instanceof PreTokenizerSequence(List<PreTokenizer> steps)
                && steps.size() == 2
                && steps.get(0) instanceof Split split
                && steps.get(1) instanceof ByteLevel bytes
                && !bytes.useRegex()
                && !bytes.addPrefixSpace()) {
            PieceScanner scanner = split.scanner();
            return scanner == null ? null : new ByteLevelBpe(bpe, scanner, false);
        }
        return null;
    }
}
