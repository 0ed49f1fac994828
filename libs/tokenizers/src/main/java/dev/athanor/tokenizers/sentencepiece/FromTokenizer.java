package dev.athanor.tokenizers.sentencepiece;

import dev.athanor.tokenizers.AddedToken;
import dev.athanor.tokenizers.TokenizerSpec;
import dev.athanor.tokenizers.decoders.ByteFallbackDecoder;
import dev.athanor.tokenizers.models.Bpe;
import dev.athanor.tokenizers.models.Unigram;
import dev.athanor.tokenizers.normalizers.Normalizer;
import dev.athanor.tokenizers.normalizers.NormalizerSequence;
import dev.athanor.tokenizers.normalizers.Precompiled;
import dev.athanor.tokenizers.normalizers.Prepend;
import dev.athanor.tokenizers.normalizers.Replace;
import dev.athanor.tokenizers.pretokenizers.Metaspace;
import dev.athanor.tokenizers.pretokenizers.Metaspace.PrependScheme;
import dev.athanor.tokenizers.pretokenizers.PreTokenizer;
import dev.athanor.tokenizers.pretokenizers.PreTokenizerSequence;
import dev.athanor.tokenizers.pretokenizers.WhitespaceSplit;
import dev.athanor.tokenizers.sentencepiece.SentencePieceModel.Kind;
import dev.athanor.tokenizers.sentencepiece.SentencePieceModel.Piece;
import dev.athanor.tokenizers.sentencepiece.SentencePieceModel.Type;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A tokenizer of SentencePiece's kind (Unigram or BPE over U+2581) as a SentencePiece model; others are refused. */
final class FromTokenizer {

    private static final String MARK = "\u2581";
    private static final String UNK_SURFACE = " \u2047 ";

    private byte[] charsMap = new byte[0];
    private boolean collapses;
    private boolean prefix;
    private boolean escapes;

    private FromTokenizer() {}

    /** @throws IllegalArgumentException naming the part that SentencePiece has no counterpart of */
    static SentencePieceModel convert(TokenizerSpec spec) {
        FromTokenizer from = new FromTokenizer();
        Normalizer normalizer = spec.normalizer();
        if (normalizer != null) {
            from.normalizer(normalizer);
        }
        PreTokenizer pre = spec.preTokenizer();
        if (pre != null) {
            from.preTokenizer(pre);
        }
        if (!from.escapes) {
            throw new IllegalArgumentException(
                    "pre_tokenizer: no Metaspace, and no normalizer that makes blanks U+2581: not of SentencePiece's kind");
        }
        return switch (spec.model()) {
            case Unigram unigram ->
                from.model(Type.UNIGRAM, spec, unigram.tokens(), unkName(unigram), unigram.byteFallback());
            case Bpe bpe ->
                from.model(
                        Type.BPE,
                        spec,
                        scored(bpe),
                        bpe.options().unkToken(),
                        bpe.options().byteFallback());
            default ->
                throw new IllegalArgumentException(
                        "model: " + spec.model().getClass().getSimpleName() + ", expected Unigram or BPE");
        };
    }

    private void normalizer(Normalizer normalizer) {
        switch (normalizer) {
            case NormalizerSequence(List<Normalizer> steps) -> steps.forEach(this::normalizer);
            case Precompiled map -> charsMap = map.charsMap();
            case Prepend(String text) when text.equals(MARK) -> prefix = true;
            case Replace replace when isBlanks(replace) -> collapses = true;
            case Replace replace
            when !replace.pattern().regex()
                    && replace.pattern().text().equals(" ")
                    && replace.content().equals(MARK) -> escapes = true;
            default ->
                throw new IllegalArgumentException(
                        "normalizer: " + normalizer + " has no form in a SentencePiece model");
        }
    }

    /** Whether it only takes blanks away. */
    private static boolean isBlanks(Replace replace) {
        String pattern = replace.pattern().text();
        return replace.pattern().regex()
                && (pattern.equals("\\A +| +\\z") && replace.content().isEmpty()
                        || pattern.equals(" {2,}") && replace.content().equals(" "));
    }

    private void preTokenizer(PreTokenizer pre) {
        switch (pre) {
            case PreTokenizerSequence(List<PreTokenizer> steps) -> steps.forEach(this::preTokenizer);
            case WhitespaceSplit all -> collapses = true;
            case Metaspace metaspace -> {
                escapes = true;
                prefix |= metaspace.prependScheme() != PrependScheme.NEVER;
            }
            default ->
                throw new IllegalArgumentException("pre_tokenizer: " + pre + " has no form in a SentencePiece model");
        }
    }

    private static @Nullable String unkName(Unigram unigram) {
        Integer unk = unigram.unkId();
        return unk == null ? null : unigram.tokens().get(unk).token();
    }

    /** As SentencePiece scores merges: minus the number of merges before it; single characters come after all. */
    private static List<Unigram.ScoredToken> scored(Bpe bpe) {
        Map<String, Integer> rank = new HashMap<>();
        for (Bpe.Merge merge : bpe.merges()) {
            rank.putIfAbsent(merge.left() + merge.right(), rank.size());
        }
        int merged = rank.size();
        List<Unigram.ScoredToken> tokens = new ArrayList<>();
        bpe.vocabulary().byId().forEach((id, token) -> {
            if (id != tokens.size()) {
                throw new IllegalArgumentException("model.vocab: no token has id " + tokens.size()
                        + ", but SentencePiece numbers pieces without holes");
            }
            tokens.add(new Unigram.ScoredToken(token, -rank.getOrDefault(token, merged)));
        });
        return tokens;
    }

    private SentencePieceModel model(
            Type type,
            TokenizerSpec spec,
            List<Unigram.ScoredToken> tokens,
            @Nullable String unk,
            boolean byteFallback) {
        Map<Integer, AddedToken> added = new HashMap<>();
        spec.addedTokens().forEach(t -> added.put(t.id(), t));
        List<Piece> pieces = new ArrayList<>();
        for (int id = 0; id < tokens.size(); id++) {
            String text = tokens.get(id).token();
            Kind kind = kind(text, Objects.equals(text, unk), added.get(id), byteFallback);
            float score = kind == Kind.NORMAL ? (float) tokens.get(id).score() : 0;
            pieces.add(new Piece(text, score, kind));
        }
        for (AddedToken token : spec.addedTokens()) {
            if (token.id() == pieces.size()) {
                pieces.add(new Piece(token.content(), 0, token.special() ? Kind.CONTROL : Kind.USER_DEFINED));
            } else if (token.id() > pieces.size()) {
                throw new IllegalArgumentException("added_tokens: id " + token.id() + " of \"" + token.content()
                        + "\", expected at most " + pieces.size());
            }
        }
        return new SentencePieceModel(
                type, pieces, charsMap, prefix, collapses, true, false, byteFallback, UNK_SURFACE);
    }

    private static Kind kind(String text, boolean unk, @Nullable AddedToken added, boolean byteFallback) {
        if (unk) {
            return Kind.UNKNOWN;
        }
        if (added != null) {
            return added.special() ? Kind.CONTROL : Kind.USER_DEFINED;
        }
        return byteFallback && ByteFallbackDecoder.byteOf(text) >= 0 ? Kind.BYTE : Kind.NORMAL;
    }
}
