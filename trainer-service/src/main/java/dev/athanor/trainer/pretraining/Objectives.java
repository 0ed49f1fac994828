package dev.athanor.trainer.pretraining;

import dev.athanor.contracts.spec.ObjectiveSpec;
import dev.athanor.lm.data.MaskedWindows;
import dev.athanor.lm.data.Masking;
import dev.athanor.lm.data.PackedRows;
import dev.athanor.lm.data.TokenStream;
import dev.athanor.lm.train.CausalObjective;
import dev.athanor.lm.train.MaskedObjective;
import dev.athanor.lm.train.Objective;
import dev.athanor.tokenizers.Tokenizer;
import dev.athanor.tokenizers.Vocabulary;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a job trains for, in the library's terms: it takes the special tokens, and where words begin, from the tokenizer. */
final class Objectives {

    /** Marks of tokens that begin a word: byte-level BPE's space, and Unigram's. */
    private static final List<String> WORD_BEGINNINGS = List.of("\u0120", "\u2581");

    private static final String WORD_PIECE_CONTINUATION = "##";

    private Objectives() {}

    /**
     * Whether the tokenizer has what the objective needs, which is read where it needs any.
     *
     * @throws IllegalArgumentException if it lacks a token, or marks no beginnings of words
     */
    static void check(ObjectiveSpec spec, Path tokenizerJson) throws IOException {
        if (spec.needsEncoder()) {
            Tokenizer tokenizer = Tokenizer.load(tokenizerJson);
            if (hidesTokens(spec)) {
                masking(spec, tokenizer);
            }
            if (spec.hasSentencePairs()) {
                id(tokenizer, "[CLS]", "<s>");
                id(tokenizer, "[SEP]", "</s>");
            }
        }
    }

    /**
     * @param tokenizerJson is read where the objective needs it
     * @param context T, positions of a sequence
     * @param validation held-out tokens, of which at most {@code validationTokens} are scored at a time
     * @throws IllegalArgumentException if the tokenizer lacks a token that the objective needs, or the tokens are too few
     */
    static Objective of(
            ObjectiveSpec spec,
            Path tokenizerJson,
            int context,
            long seed,
            TokenStream train,
            TokenStream validation,
            long validationTokens)
            throws IOException {
        if (spec.kind().equals("causal")) {
            return new CausalObjective(train, context, seed, spec.documentMasks(), validation, validationTokens);
        }
        Tokenizer tokenizer = Tokenizer.load(tokenizerJson);
        Masking masking = hidesTokens(spec) ? masking(spec, tokenizer) : null;
        MaskedWindows.SentencePairs pairs = spec.hasSentencePairs()
                ? new MaskedWindows.SentencePairs(id(tokenizer, "[CLS]", "<s>"), id(tokenizer, "[SEP]", "</s>"))
                : null;
        boolean apart = spec.documentMasks();
        var windows = new MaskedWindows(train, context, masking, pairs, seed, apart);
        MaskedWindows heldOut = validation.size() < 2L * context
                ? null
                : new MaskedWindows(validation, context, masking, pairs, seed, apart);
        return new MaskedObjective(windows, heldOut, validationTokens);
    }

    /**
     * Of rows that were packed; other parameters as above.
     *
     * @throws IllegalArgumentException also if the rows are longer than the context
     */
    static Objective of(
            ObjectiveSpec spec,
            Path tokenizerJson,
            int context,
            long seed,
            PackedCorpus packed,
            TokenStream validation,
            long validationTokens)
            throws IOException {
        if (packed.training().length() > context) {
            throw new IllegalArgumentException("the tokens were packed into sequences of up to "
                    + packed.training().length() + ", the model's context is " + context
                    + "; encode them with a sequenceLength of at most the context");
        }
        if (spec.kind().equals("causal")) {
            return new CausalObjective(PackedRows.causal(packed.training(), seed), validation, validationTokens);
        }
        Tokenizer tokenizer = Tokenizer.load(tokenizerJson);
        Masking masking = hidesTokens(spec) ? masking(spec, tokenizer) : null;
        boolean heldOut = packed.validation().count() > 0 && packed.validation().length() <= context;
        return new MaskedObjective(
                PackedRows.masked(packed.training(), masking, seed),
                heldOut ? PackedRows.masked(packed.validation(), masking, seed) : null,
                validationTokens);
    }

    private static boolean hidesTokens(ObjectiveSpec spec) {
        return !spec.kind().equals("next-sentence");
    }

    private static Masking masking(ObjectiveSpec spec, Tokenizer tokenizer) {
        int size = tokenizer.vocabSize();
        int firstOrdinary = 0;
        while (firstOrdinary < size - 1 && tokenizer.isSpecial(firstOrdinary)) {
            firstOrdinary++;
        }
        int mask = id(tokenizer, "[MASK]", "<mask>");
        return spec.wholeWords()
                ? new Masking(mask, spec.maskRate(), continuations(tokenizer), firstOrdinary, size)
                : Masking.ofTokens(mask, spec.maskRate(), firstOrdinary, size);
    }

    private static int id(Tokenizer tokenizer, String name, String otherName) {
        for (String token : List.of(name, otherName)) {
            int id = tokenizer.tokenToId(token);
            if (id != Vocabulary.ABSENT) {
                return id;
            }
        }
        throw new IllegalArgumentException("the tokenizer has no token " + name + " (or " + otherName
                + "), which the objective needs; train one with it among the special tokens");
    }

    /** For each token, whether it goes on with the word of the one before. */
    private static boolean[] continuations(Tokenizer tokenizer) {
        int size = tokenizer.vocabSize();
        if (anyStartsWith(tokenizer, WORD_PIECE_CONTINUATION)) {
            var continues = new boolean[size];
            for (int id = 0; id < size; id++) {
                continues[id] = startsWith(tokenizer.idToToken(id), WORD_PIECE_CONTINUATION);
            }
            return continues;
        }
        for (String mark : WORD_BEGINNINGS) {
            if (anyStartsWith(tokenizer, mark)) {
                var continues = new boolean[size];
                for (int id = 0; id < size; id++) {
                    continues[id] = !tokenizer.isSpecial(id) && !startsWith(tokenizer.idToToken(id), mark);
                }
                return continues;
            }
        }
        throw new IllegalArgumentException(
                "the tokenizer marks no beginnings of words, which hiding whole words needs; set objective.wholeWords to false");
    }

    private static boolean anyStartsWith(Tokenizer tokenizer, String mark) {
        for (int id = 0; id < tokenizer.vocabSize(); id++) {
            if (!tokenizer.isSpecial(id) && startsWith(tokenizer.idToToken(id), mark)) {
                return true;
            }
        }
        return false;
    }

    private static boolean startsWith(@Nullable String token, String mark) {
        return token != null && token.startsWith(mark);
    }
}
