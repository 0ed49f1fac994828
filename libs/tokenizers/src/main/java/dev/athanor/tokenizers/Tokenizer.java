package dev.athanor.tokenizers;

import dev.athanor.tokenizers.internal.AlignedTokens;
import dev.athanor.tokenizers.internal.FastEncoder;
import dev.athanor.tokenizers.internal.FastEncoders;
import dev.athanor.tokenizers.internal.ScratchPool;
import dev.athanor.tokenizers.internal.Utf8;
import dev.athanor.tokenizers.json.TokenizerJson;
import dev.athanor.tokenizers.models.Bpe;
import dev.athanor.tokenizers.models.Model;
import dev.athanor.tokenizers.models.Unigram;
import dev.athanor.tokenizers.normalizers.Normalizer;
import dev.athanor.tokenizers.pretokenizers.PreTokenizer;
import dev.athanor.tokenizers.processors.PostProcessor;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Text to token ids and back, as a tokenizer.json describes it. Immutable and thread-safe.
 *
 * <p>{@link #encodeIds} gives the ids of the text alone, as a corpus is encoded: no special tokens, no truncation, no padding.
 * {@link #encode} gives all that a model is fed with.
 */
public final class Tokenizer {

    private final TokenizerSpec spec;
    private final Map<String, Integer> addedIds = new HashMap<>();
    private final Map<Integer, AddedToken> addedById = new HashMap<>();
    private final AddedTokens rawTokens;
    private final AddedTokens normalizedTokens;
    private final int vocabSize;
    private final @Nullable FastEncoder fast;
    private final @Nullable ScratchPool pool;

    private Tokenizer(TokenizerSpec spec) {
        this.spec = spec;
        for (AddedToken token : spec.addedTokens()) {
            addedIds.put(token.content(), token.id());
            addedById.put(token.id(), token);
        }
        rawTokens = addedTokens(spec, false);
        normalizedTokens = addedTokens(spec, true);
        Vocabulary vocabulary = spec.model().vocabulary();
        int limit = vocabulary.idLimit();
        for (AddedToken token : spec.addedTokens()) {
            limit = Math.max(limit, token.id() + 1);
        }
        vocabSize = limit;
        boolean normalizedMatter = spec.normalizer() != null && !normalizedTokens.isEmpty();
        fast = normalizedMatter ? null : FastEncoders.of(spec);
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

    public static Tokenizer of(TokenizerSpec spec) {
        return new Tokenizer(spec);
    }

    /**
     * Reads a tokenizer.json.
     *
     * @throws IllegalArgumentException if it is not one, or has a part that is not known; the message names the field
     */
    public static Tokenizer load(Path tokenizerJson) throws IOException {
        return of(TokenizerJson.read(Files.readString(tokenizerJson)));
    }

    public static Tokenizer fromJson(String json) {
        return of(TokenizerJson.read(json));
    }

    public String toJson() {
        return TokenizerJson.write(spec);
    }

    /** Writes a tokenizer.json. */
    public void save(Path tokenizerJson) throws IOException {
        Files.writeString(tokenizerJson, toJson());
    }

    public TokenizerSpec spec() {
        return spec;
    }

    /** One more than the largest id: the rows that an embedding needs. */
    public int vocabSize() {
        return vocabSize;
    }

    /** The token's id, or -1. */
    public int tokenToId(String token) {
        Integer added = addedIds.get(token);
        return added != null ? added : spec.model().vocabulary().id(token);
    }

    /** The id's token, or null. */
    public @Nullable String idToToken(int id) {
        AddedToken added = addedById.get(id);
        return added != null ? added.content() : spec.model().vocabulary().token(id);
    }

    public boolean isSpecial(int id) {
        AddedToken added = addedById.get(id);
        return added != null && added.special();
    }

    // ---- ids only

    /** The ids of the text. */
    public int[] encodeIds(String text) {
        IntList out = new IntList(text.length() / 3 + 8);
        encodeIds(text, out);
        return out.toArray();
    }

    /** Adds the ids of the text. */
    public void encodeIds(CharSequence text, IntList out) {
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
    public void encodeIds(byte[] utf8, int from, int to, IntList out) {
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

    /**
     * The ids of the text with merges of BPE passed over by chance, with the probability that the model's dropout says: another
     * segmentation each time, to regularize training. Other models, and BPE without dropout, give what {@link #encodeIds(String)} gives.
     */
    public int[] encodeIds(String text, RandomGenerator random) {
        if (!(spec.model() instanceof Bpe bpe) || bpe.options().dropout() == null) {
            return encodeIds(text);
        }
        return plainTokens(text, (piece, out) -> bpe.tokenize(piece, random, out), false)
                .ids()
                .toArray();
    }

    private void encodeFast(FastEncoder encoder, byte[] utf8, int end, FastEncoder.Scratch scratch, IntList out) {
        boolean done = true;
        int before = out.size();
        if (rawTokens.mayOccur(utf8, 0, end) || normalizedTokens.mayOccur(utf8, 0, end)) {
            for (AddedTokens.Stretch s : stretches(utf8, end)) {
                if (s.token() != null) {
                    out.add(s.token().id());
                } else {
                    done &= encoder.encode(utf8, s.from(), s.to(), scratch, out);
                }
            }
        } else {
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

    boolean hasFastPath() {
        return fast != null;
    }

    // ---- with offsets, masks and special tokens

    /** The text with the special tokens of the post-processor, truncated and padded as the tokenizer says. */
    public Encoding encode(String text) {
        return encode(text, true);
    }

    public Encoding encode(String text, boolean addSpecialTokens) {
        return padded(List.of(finish(List.of(sequence(text, 0)), addSpecialTokens)))
                .getFirst();
    }

    /** Two texts that belong together. */
    public Encoding encodePair(String first, String second, boolean addSpecialTokens) {
        Encoding both = finish(List.of(sequence(first, 0), sequence(second, 1)), addSpecialTokens);
        return padded(List.of(both)).getFirst();
    }

    /** Many texts, padded to one length if the tokenizer pads. */
    public List<Encoding> encodeBatch(List<String> texts, boolean addSpecialTokens) {
        return padded(texts.stream()
                .map(text -> finish(List.of(sequence(text, 0)), addSpecialTokens))
                .toList());
    }

    private List<Encoding> padded(List<Encoding> batch) {
        Padding padding = spec.padding();
        return padding == null ? batch : padding.apply(batch);
    }

    private Encoding finish(List<Encoding> sequences, boolean addSpecialTokens) {
        PostProcessor processor = spec.postProcessor();
        Truncation truncation = spec.truncation();
        List<Encoding> cut = sequences;
        if (truncation != null) {
            int reserved = processor == null || !addSpecialTokens ? 0 : processor.addedTokens(sequences.size() > 1);
            cut = truncation.apply(sequences, reserved);
        }
        return Encoding.concat(processor == null ? cut : processor.process(cut, addSpecialTokens));
    }

    private Encoding sequence(String text, int sequence) {
        AlignedTokens fastTokens = fast == null || pool == null ? null : fastTokens(text, fast, pool);
        return sequence(fastTokens == null ? plainTokens(text, spec.model()::tokenize, true) : fastTokens, sequence);
    }

    /** The text alone, by the plain path. */
    Encoding encodePlain(String text) {
        return sequence(plainTokens(text, spec.model()::tokenize, true), 0);
    }

    private Encoding sequence(AlignedTokens tokens, int sequence) {
        return Encoding.ofText(
                tokens.ids().toArray(),
                tokens.names(spec.model().vocabulary()::token),
                tokens.offsets(),
                tokens.words(),
                sequence);
    }

    /** The tokens by the fast path, or null where the text is not for it. */
    private @Nullable AlignedTokens fastTokens(String text, FastEncoder encoder, ScratchPool scratches) {
        FastEncoder.Scratch scratch = scratches.borrow();
        try {
            byte[] utf8 = scratch.buffer(Utf8.maxBytes(text.length()));
            int end = Utf8.encode(text, 0, text.length(), utf8, 0);
            AlignedTokens out = new AlignedTokens();
            int at = 0;
            int index = 0;
            boolean found = rawTokens.mayOccur(utf8, 0, end) || normalizedTokens.mayOccur(utf8, 0, end);
            for (AddedTokens.Stretch s : found ? stretches(utf8, end) : List.of(new AddedTokens.Stretch(0, end, null))) {
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
    private AlignedTokens plainTokens(
            CharSequence text, BiConsumer<AlignedText, Model.TokenSink> model, boolean names) {
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
            int end = index + Utf8.codePoints(utf8, stretch.from(), stretch.to());
            if (end > index) {
                parts.add(new Part(text.slice(index, end), stretch.token()));
            }
            index = end;
            at = stretch.to();
        }
        return parts;
    }

    // ---- back to text

    /** The text of the ids; ids that the tokenizer does not know are left out. */
    public String decode(int[] ids, boolean skipSpecialTokens) {
        List<String> tokens = new ArrayList<>(ids.length);
        for (int id : ids) {
            String token = idToToken(id);
            if (token != null && !(skipSpecialTokens && isSpecial(id))) {
                tokens.add(token);
            }
        }
        return spec.decoder() == null
                ? String.join(" ", tokens)
                : String.join("", spec.decoder().decodeChain(tokens));
    }

    /** The text of the ids, with special tokens left out. */
    public String decode(int[] ids) {
        return decode(ids, true);
    }

    /** Decodes ids one by one as they are generated. */
    public StreamingDecoder streamingDecoder(boolean skipSpecialTokens) {
        return new StreamingDecoder(this, skipSpecialTokens);
    }
}
