package dev.athanor.tokenizers.internal;

import dev.athanor.tokenizers.TextPattern;
import dev.athanor.tokenizers.TokenizerSpec;
import dev.athanor.tokenizers.models.Bpe;
import dev.athanor.tokenizers.models.Unigram;
import dev.athanor.tokenizers.normalizers.BertNormalizer;
import dev.athanor.tokenizers.normalizers.Normalizer;
import dev.athanor.tokenizers.normalizers.NormalizerSequence;
import dev.athanor.tokenizers.normalizers.Precompiled;
import dev.athanor.tokenizers.normalizers.Replace;
import dev.athanor.tokenizers.normalizers.UnicodeNormalizer;
import dev.athanor.tokenizers.pretokenizers.BertPreTokenizer;
import dev.athanor.tokenizers.pretokenizers.ByteLevel;
import dev.athanor.tokenizers.pretokenizers.Metaspace;
import dev.athanor.tokenizers.pretokenizers.PreTokenizer;
import dev.athanor.tokenizers.pretokenizers.PreTokenizerSequence;
import dev.athanor.tokenizers.pretokenizers.Split;
import dev.athanor.tokenizers.pretokenizers.WhitespaceSplit;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Knows which combinations of parts have a fast encoder. */
public final class FastEncoders {

    private static final Replace COLLAPSE_BLANKS = new Replace(TextPattern.regex(" {2,}"), " ");

    private FastEncoders() {}

    /** The fast encoder for the parts, or null where only the plain path does. */
    public static @Nullable FastEncoder of(TokenizerSpec spec) {
        PreTokenizer pre = spec.preTokenizer();
        if (spec.model() instanceof Bpe bpe && spec.normalizer() == null && pre != null && ByteLevelBpe.fits(bpe)) {
            return byteLevel(bpe, pre);
        }
        if (spec.normalizer() instanceof BertNormalizer normalizer && pre instanceof BertPreTokenizer) {
            return spec.model() instanceof Bpe ? null : new BertEncoder(normalizer, spec.model());
        }
        return spec.model() instanceof Unigram ? metaspace(spec) : null;
    }

    private static @Nullable FastEncoder metaspace(TokenizerSpec spec) {
        PreTokenizer pre = spec.preTokenizer();
        if (pre instanceof PreTokenizerSequence(List<PreTokenizer> steps)
                && steps.size() == 2
                && steps.get(0) instanceof WhitespaceSplit
                && steps.get(1) instanceof Metaspace metaspace
                && MetaspaceEncoder.fits(metaspace)) {
            return isByCharacter(spec.normalizer(), true)
                    ? new MetaspaceEncoder(spec.normalizer(), true, spec.model())
                    : null;
        }
        return pre instanceof Metaspace metaspace
                        && MetaspaceEncoder.fits(metaspace)
                        && isByCharacter(spec.normalizer(), false)
                ? new MetaspaceEncoder(spec.normalizer(), false, spec.model())
                : null;
    }

    /** Whether a normalizer treats each character by itself, if it is not one that joins with its neighbours. */
    private static boolean isByCharacter(@Nullable Normalizer normalizer, boolean blanksGo) {
        return switch (normalizer) {
            case null -> true;
            case UnicodeNormalizer n -> true;
            case Precompiled n -> true;
            case Replace n -> blanksGo && n.equals(COLLAPSE_BLANKS);
            case NormalizerSequence n -> n.steps().stream().allMatch(step -> isByCharacter(step, blanksGo));
            default -> false;
        };
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
