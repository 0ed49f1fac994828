package dev.athanor.trainer.pretraining;

import dev.athanor.contracts.spec.ObjectiveSpec;
import dev.athanor.lm.data.MaskedWindows;
import dev.athanor.lm.data.Masking;
import dev.athanor.lm.data.PackedRows;
import dev.athanor.lm.data.TokenStream;
import dev.athanor.lm.train.CausalObjective;
import dev.athanor.lm.train.MaskedObjective;
import dev.athanor.lm.train.Objective;
import dev.athanor.tokenizers.EndToken;
import dev.athanor.tokenizers.Tokenizer;
import dev.athanor.tokenizers.Vocabulary;
import dev.athanor.tokenizers.WordBeginnings;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** What a job trains for, in the library's terms: it takes the special tokens, and where words begin, from the tokenizer. */
final class Objectives {

    /** What frames texts and fills rows. */
    private static final List<String> FRAMES = List.of("[PAD]", "[CLS]", "[SEP]", "<pad>", "<s>", "</s>");

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
        int mask = id(tokenizer, "[MASK]", "<mask>");
        var special = new boolean[tokenizer.vocabSize()];
        for (int id = 0; id < special.length; id++) {
            special[id] = tokenizer.isSpecial(id) || tokenizer.idToToken(id) == null;
        }
        // Not every file says of these that they are special.
        EndToken.of(tokenizer).ifPresent(end -> special[end] = true);
        FRAMES.stream()
                .map(tokenizer::tokenToId)
                .filter(id -> id != Vocabulary.ABSENT)
                .forEach(id -> special[id] = true);
        return new Masking(mask, spec.maskRate(), spec.wholeWords() ? words(tokenizer)::mark : null, special);
    }

    private static WordBeginnings words(Tokenizer tokenizer) {
        try {
            return WordBeginnings.of(tokenizer);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    e.getMessage() + ", which hiding whole words needs; set objective.wholeWords to false", e);
        }
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
}
