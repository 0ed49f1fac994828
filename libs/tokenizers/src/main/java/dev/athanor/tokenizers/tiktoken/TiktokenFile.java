package dev.athanor.tokenizers.tiktoken;

import dev.athanor.tokenizers.AddedToken;
import dev.athanor.tokenizers.TextPattern;
import dev.athanor.tokenizers.Tokenizer;
import dev.athanor.tokenizers.TokenizerSpec;
import dev.athanor.tokenizers.Vocabulary;
import dev.athanor.tokenizers.decoders.ByteLevelDecoder;
import dev.athanor.tokenizers.internal.ByteAlphabet;
import dev.athanor.tokenizers.internal.Gpt2Scanner;
import dev.athanor.tokenizers.internal.KnownPatterns;
import dev.athanor.tokenizers.models.Bpe;
import dev.athanor.tokenizers.pretokenizers.Behavior;
import dev.athanor.tokenizers.pretokenizers.ByteLevel;
import dev.athanor.tokenizers.pretokenizers.PreTokenizerSequence;
import dev.athanor.tokenizers.pretokenizers.Split;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * OpenAI's rank files: a line a token, its bytes in Base64 and its rank, which is its id. The file says neither the pattern nor
 * the special tokens; give them.
 */
public final class TiktokenFile {

    /** The patterns of OpenAI's encodings by name: {@code gpt2} (also r50k and p50k), {@code cl100k}, {@code o200k}. */
    public static final Map<String, String> PATTERNS = Map.of(
            "gpt2", Gpt2Scanner.PATTERN,
            "cl100k", KnownPatterns.CL100K,
            "o200k", KnownPatterns.O200K);

    /** Every way to cut a token in two is looked at, so that long ones cost the square of their length; published ones have 256. */
    private static final int LONGEST_TOKEN = 1024;

    private TiktokenFile() {}

    /**
     * @param pattern the pre-tokenizing pattern, such as that of cl100k_base
     * @param specialTokens with their ids
     * @throws IllegalArgumentException naming the line that is malformed
     */
    public static Tokenizer read(Path file, String pattern, Map<String, Integer> specialTokens) throws IOException {
        return parse(Files.readString(file, StandardCharsets.US_ASCII), pattern, specialTokens);
    }

    /** The same from the file's text. */
    public static Tokenizer parse(String text, String pattern, Map<String, Integer> specialTokens) {
        Map<String, Integer> ranks = new HashMap<>();
        int number = 0;
        for (String line : text.lines().toList()) {
            number++;
            if (line.isBlank()) {
                continue;
            }
            int space = line.indexOf(' ');
            try {
                byte[] token = Base64.getDecoder().decode(line.substring(0, Math.max(space, 0)));
                if (token.length > LONGEST_TOKEN) {
                    throw new IllegalArgumentException("a token of " + token.length + " bytes");
                }
                ranks.put(ByteAlphabet.encode(token, 0, token.length), Integer.parseInt(line.substring(space + 1)));
            } catch (IllegalArgumentException e) {
                throw new IllegalArgumentException(
                        "tiktoken file, line " + number + ": \""
                                + (line.length() > 80 ? line.substring(0, 80) + "…" : line)
                                + "\", expected Base64 of at most " + LONGEST_TOKEN + " bytes, a blank and a rank",
                        e);
            }
        }
        Bpe.Options options = new Bpe.Options(null, null, null, null, false, false, true);
        List<AddedToken> special = specialTokens.entrySet().stream()
                .sorted(Map.Entry.comparingByValue())
                .map(e -> AddedToken.special(e.getValue(), e.getKey()))
                .toList();
        PreTokenizerSequence pre = new PreTokenizerSequence(List.of(
                new Split(TextPattern.regex(pattern), Behavior.ISOLATED, false), new ByteLevel(false, true, false)));
        return Tokenizer.of(TokenizerSpec.of(
                        pre,
                        new Bpe(Vocabulary.of(ranks), merges(ranks), options),
                        new ByteLevelDecoder(true, true, true))
                .withAddedTokens(special));
    }

    /** Every way to make a token of two others, in the order of the token's rank. */
    private static List<Bpe.Merge> merges(Map<String, Integer> ranks) {
        List<Bpe.Merge> merges = new ArrayList<>();
        ranks.entrySet().stream().sorted(Map.Entry.comparingByValue()).forEach(e -> {
            String token = e.getKey();
            List<Bpe.Merge> ways = new ArrayList<>();
            for (int cut = 1; cut < token.length(); cut++) {
                Bpe.Merge way = new Bpe.Merge(token.substring(0, cut), token.substring(cut));
                if (ranks.containsKey(way.left()) && ranks.containsKey(way.right())) {
                    ways.add(way);
                }
            }
            ways.sort(Comparator.<Bpe.Merge>comparingInt(way -> ranks.getOrDefault(way.left(), 0))
                    .thenComparingInt(way -> ranks.getOrDefault(way.right(), 0)));
            merges.addAll(ways);
        });
        return merges;
    }

    /**
     * The rank file of a byte-level BPE tokenizer. It encodes alike where ids are in the order of the merges, as those of trained
     * tokenizers are.
     *
     * @throws IllegalArgumentException if the tokenizer is not byte-level BPE
     */
    public static String format(Tokenizer tokenizer) {
        if (!(tokenizer.spec().model() instanceof Bpe bpe)) {
            throw new IllegalArgumentException("tokenizer: not byte-level BPE, which tiktoken files are for");
        }
        StringBuilder lines = new StringBuilder();
        bpe.vocabulary().byId().forEach((id, token) -> {
            if (!tokenizer.isSpecial(id)) {
                lines.append(Base64.getEncoder().encodeToString(ByteLevelDecoder.bytes(token)))
                        .append(' ')
                        .append(id)
                        .append('\n');
            }
        });
        return lines.toString();
    }
}
