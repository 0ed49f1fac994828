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
            return new MetaspaceEncoder(
                    metaspace, spec.model(), new MetaspaceEncoder.Plan(true, plainAscii(spec.normalizer(), true)));
        }
        return pre instanceof Metaspace metaspace && MetaspaceEncoder.fits(metaspace)
                ? new MetaspaceEncoder(
                        metaspace, spec.model(), new MetaspaceEncoder.Plan(false, plainAscii(spec.normalizer(), false)))
                : null;
    }

    /** Which ASCII characters a normalizer surely leaves as they are, whatever is beside them. */
    private static boolean[] plainAscii(@Nullable Normalizer normalizer, boolean blanksCollapse) {
        boolean[] plain = new boolean[128];
        for (int c = 0; c < 128; c++) {
            plain[c] = normalizer == null || keeps(normalizer, c, blanksCollapse);
        }
        return plain;
    }

    private static boolean keeps(Normalizer normalizer, int c, boolean blanksCollapse) {
        return switch (normalizer) {
            case UnicodeNormalizer n -> true;
            // A carriage return and a line feed are one grapheme, which the map may know as such.
            case Precompiled n -> n.character(c) == null && c != '\r' || blanksCollapse && isBlankToBlank(n, c);
            case Replace n -> n.equals(COLLAPSE_BLANKS) && (blanksCollapse || c != ' ');
            case NormalizerSequence n -> n.steps().stream().allMatch(step -> keeps(step, c, blanksCollapse));
            default -> false;
        };
    }

    /** Where any white space ends a piece, it does not matter which one it is. */
    private static boolean isBlankToBlank(Precompiled map, int c) {
        return CharClasses.isWhiteSpace(c) && " ".equals(map.character(c)) && c != '\r';
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
