package dev.athanor.tokenizers;

import dev.athanor.tokenizers.internal.AlignedTokens;
import dev.athanor.tokenizers.json.TokenizerJson;
import dev.athanor.tokenizers.models.Bpe;
import dev.athanor.tokenizers.processors.PostProcessor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
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
    private final int vocabSize;
    private final Pipeline pipeline;

    private Tokenizer(TokenizerSpec spec) {
        this.spec = spec;
        for (AddedToken token : spec.addedTokens()) {
            addedIds.put(token.content(), token.id());
            addedById.put(token.id(), token);
        }
        Vocabulary vocabulary = spec.model().vocabulary();
        int limit = vocabulary.idLimit();
        for (AddedToken token : spec.addedTokens()) {
            limit = Math.max(limit, token.id() + 1);
        }
        vocabSize = limit;
        pipeline = new Pipeline(spec);
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
        pipeline.encodeIds(text, out);
    }

    /** Adds the ids of a text in UTF-8. */
    public void encodeIds(byte[] utf8, int from, int to, IntList out) {
        pipeline.encodeIds(utf8, from, to, out);
    }

    /**
     * The ids of the text with merges of BPE passed over by chance, with the probability that the model's dropout says: another
     * segmentation each time, to regularize training. Other models, and BPE without dropout, give what {@link #encodeIds(String)} gives.
     */
    public int[] encodeIds(String text, RandomGenerator random) {
        if (!(spec.model() instanceof Bpe bpe) || bpe.options().dropout() == null) {
            return encodeIds(text);
        }
        return pipeline.plainTokens(text, (piece, out) -> bpe.tokenize(piece, random, out), false)
                .ids()
                .toArray();
    }

    /** The ids by the plain path. */
    void encodePlain(CharSequence text, IntList out) {
        pipeline.encodePlain(text, out);
    }

    boolean hasFastPath() {
        return pipeline.hasFastPath();
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
        return sequence(pipeline.tokens(text), sequence);
    }

    /** The text alone, by the plain path. */
    Encoding encodePlain(String text) {
        return sequence(pipeline.plainTokens(text, spec.model()::tokenize, true), 0);
    }

    private Encoding sequence(AlignedTokens tokens, int sequence) {
        return Encoding.ofText(
                tokens.ids().toArray(),
                tokens.names(spec.model().vocabulary()::token),
                tokens.offsets(),
                tokens.words(),
                sequence);
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
