package dev.athanor.tokenizers;

import dev.athanor.tokenizers.internal.AlignedTokens;
import dev.athanor.tokenizers.internal.FastEncoder;
import dev.athanor.tokenizers.internal.FastEncoders;
import dev.athanor.tokenizers.internal.ScratchPool;
import dev.athanor.tokenizers.internal.UnicodeForms;
import dev.athanor.tokenizers.internal.Utf8;
import dev.athanor.tokenizers.models.Bpe;
import dev.athanor.tokenizers.models.Model;
import dev.athanor.tokenizers.models.Unigram;
import dev.athanor.tokenizers.normalizers.Normalizer;
import dev.athanor.tokenizers.normalizers.UnicodeNormalizer;
import dev.athanor.tokenizers.pretokenizers.PreTokenizer;
import java.nio.charset.StandardCharsets;
import java.text.Normalizer.Form;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * From text to tokens, by the fast path where the parts of the tokenizer have one, and by the plain one, its twin: added tokens are cut
 * out, the rest is normalized and cut into pieces, and the model makes tokens of these. Immutable and thread-safe.
 */
final class Pipeline {

    private final TokenizerSpec spec;
    private final AddedTokens rawTokens;
    private final AddedTokens normalizedTokens;
    /** The form that a text must be in for the fast path, which then has nothing to normalize. */
    private final @Nullable Form form;

    private final @Nullable FastEncoder fast;
    private final @Nullable ScratchPool pool;

    Pipeline(TokenizerSpec spec) {
        this.spec = spec;
        rawTokens = addedTokens(spec, false);
        normalizedTokens = addedTokens(spec, true);
        form = spec.model() instanceof Bpe && spec.normalizer() instanceof UnicodeNormalizer(Form f) ? f : null;
        boolean normalizedMatter = form == null && spec.normalizer() != null && !normalizedTokens.isEmpty();
        fast = normalizedMatter ? null : FastEncoders.of(form == null ? spec : spec.withNormalizer(null));
        pool = fast == null ? null : new ScratchPool(fast);
    }

    private static AddedTokens addedTokens(TokenizerSpec spec, boolean normalized) {
        List<AddedToken> tokens = spec.addedTokens().stream()
                .filter(t -> t.normalized() == normalized)
                .toList();
        Normalizer normalizer = spec.normalizer();
        List<String> contents = tokens.stream()
                .map(t -> normalized && normalizer != null
                        ? normalizer.normalize(AlignedText.of(t.content())).toString()
                        : t.content())
                .toList();
        return new AddedTokens(tokens, contents);
    }

    boolean hasFastPath() {
        return fast != null;
    }

    // ---- ids only

    /** Adds the ids of the text. */
    void encodeIds(CharSequence text, IntList out) {
        if (fast == null || pool == null) {
            encodePlain(text, out);
            return;
        }
        FastEncoder.Scratch scratch = pool.borrow();
        try {
            byte[] utf8 = scratch.buffer(Utf8.maxBytes(text.length()));
            int end = Utf8.encode(text, 0, text.length(), utf8, 0);
            encodeFast(fast, utf8, end, scratch, out);
        } finally {
            pool.giveBack(scratch);
        }
    }

    /** Adds the ids of a text in UTF-8. */
    void encodeIds(byte[] utf8, int from, int to, IntList out) {
        if (fast == null || pool == null) {
            encodePlain(new String(utf8, from, to - from, StandardCharsets.UTF_8), out);
            return;
        }
        FastEncoder.Scratch scratch = pool.borrow();
        try {
            byte[] padded = scratch.buffer(to - from);
            System.arraycopy(utf8, from, padded, 0, to - from);
            encodeFast(fast, padded, to - from, scratch, out);
        } finally {
            pool.giveBack(scratch);
        }
    }

    private void encodeFast(FastEncoder encoder, byte[] utf8, int end, FastEncoder.Scratch scratch, IntList out) {
        boolean done = form == null || UnicodeForms.isNormalized(utf8, end, form);
        int before = out.size();
        if (done && (rawTokens.mayOccur(utf8, 0, end) || normalizedTokens.mayOccur(utf8, 0, end))) {
            for (AddedTokens.Stretch s : stretches(utf8, end)) {
                if (s.token() != null) {
                    out.add(s.token().id());
                } else {
                    done &= encoder.encode(utf8, s.from(), s.to(), scratch, out);
                }
            }
        } else if (done) {
            done = encoder.encode(utf8, 0, end, scratch, out);
        }
        if (!done) {
            out.truncate(before);
            encodePlain(new String(utf8, 0, end, StandardCharsets.UTF_8), out);
        }
    }

    /** The plain twin of the fast path: through every part of the tokenizer, one after the other. */
    void encodePlain(CharSequence text, IntList out) {
        IntList ids = plainTokens(text, spec.model()::tokenize, false).ids();
        out.addAll(ids.array(), 0, ids.size());
    }

    // ---- with offsets, words and names

    /** All about the tokens of the text. */
    AlignedTokens tokens(String text) {
        AlignedTokens fastTokens = fast == null || pool == null ? null : fastTokens(text, fast, pool);
        return fastTokens == null ? plainTokens(text, spec.model()::tokenize, true) : fastTokens;
    }

    /** The tokens by the fast path, or null where the text is not for it. */
    private @Nullable AlignedTokens fastTokens(String text, FastEncoder encoder, ScratchPool scratches) {
        FastEncoder.Scratch scratch = scratches.borrow();
        try {
            byte[] utf8 = scratch.buffer(Utf8.maxBytes(text.length()));
            int end = Utf8.encode(text, 0, text.length(), utf8, 0);
            if (form != null && !UnicodeForms.isNormalized(utf8, end, form)) {
                return null;
            }
            AlignedTokens out = new AlignedTokens();
            int at = 0;
            int index = 0;
            boolean found = rawTokens.mayOccur(utf8, 0, end) || normalizedTokens.mayOccur(utf8, 0, end);
            for (AddedTokens.Stretch s :
                    found ? stretches(utf8, end) : List.of(new AddedTokens.Stretch(0, end, null))) {
                index += Utf8.codePoints(utf8, at, s.from());
                at = s.from();
                if (s.token() == null) {
                    if (!encoder.encodeAligned(utf8, s.from(), s.to(), scratch, index, out)) {
                        return null;
                    }
                    continue;
                }
                String name = new String(utf8, s.from(), s.to() - s.from(), StandardCharsets.UTF_8);
                out.add(s.token().id(), name, index, index + Utf8.codePoints(utf8, s.from(), s.to()));
                out.endWord();
            }
            return out;
        } finally {
            scratches.giveBack(scratch);
        }
    }

    private List<AddedTokens.Stretch> stretches(byte[] utf8, int end) {
        List<AddedTokens.Stretch> all = new ArrayList<>();
        for (AddedTokens.Stretch raw : rawTokens.cut(utf8, 0, end)) {
            if (raw.token() != null) {
                all.add(raw);
            } else {
                all.addAll(normalizedTokens.cut(utf8, raw.from(), raw.to()));
            }
        }
        return all;
    }

    /** @param names whether the names of added and unknown tokens matter, which are copies of the text */
    AlignedTokens plainTokens(CharSequence text, BiConsumer<AlignedText, Model.TokenSink> model, boolean names) {
        AlignedTokens out = new AlignedTokens();
        for (Part part : parts(AlignedText.of(text))) {
            AlignedText t = part.text;
            if (part.token != null) {
                String name = names ? t.toString() : "";
                out.add(part.token.id(), name, t.originalFrom(0), t.originalTo(t.length() - 1));
                out.endWord();
                continue;
            }
            PreTokenizer pre = spec.preTokenizer();
            for (AlignedText piece : pre == null ? List.of(t) : pre.split(t)) {
                model.accept(piece, (id, from, to) -> {
                    int start = from < piece.length() ? piece.originalFrom(from) : piece.originalTo(piece.length() - 1);
                    int end = to > 0 ? piece.originalTo(to - 1) : start;
                    // What a Unigram model does not know is called by its text.
                    if (names && spec.model() instanceof Unigram unigram && unigram.isUnknown(id)) {
                        out.add(id, piece.substring(from, to), start, end);
                    } else {
                        out.add(id, start, end);
                    }
                });
                out.endWord();
            }
        }
        return out;
    }

    private record Part(AlignedText text, @Nullable AddedToken token) {}

    /** The normalized text cut at added tokens. */
    private List<Part> parts(AlignedText text) {
        List<Part> parts = new ArrayList<>();
        Normalizer normalizer = spec.normalizer();
        for (Part raw : cut(text, rawTokens)) {
            if (raw.token != null) {
                parts.add(raw);
            } else {
                parts.addAll(cut(normalizer == null ? raw.text : normalizer.normalize(raw.text), normalizedTokens));
            }
        }
        return parts;
    }

    private static List<Part> cut(AlignedText text, AddedTokens tokens) {
        if (text.isEmpty()) {
            return List.of();
        }
        if (tokens.isEmpty()) {
            return List.of(new Part(text, null));
        }
        byte[] utf8 = text.toUtf8();
        List<Part> parts = new ArrayList<>();
        int index = 0;
        int at = 0;
        for (AddedTokens.Stretch stretch : tokens.cut(utf8, 0, utf8.length)) {
            index += Utf8.codePoints(utf8, at, stretch.from());
            at = stretch.from();
            int end = index + Utf8.codePoints(utf8, stretch.from(), stretch.to());
            parts.add(new Part(text.slice(index, end), stretch.token()));
        }
        return parts;
    }
}
