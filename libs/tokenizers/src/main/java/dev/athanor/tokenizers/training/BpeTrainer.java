package dev.athanor.tokenizers.training;

import dev.athanor.tokenizers.AddedToken;
import dev.athanor.tokenizers.IntList;
import dev.athanor.tokenizers.Vocabulary;
import dev.athanor.tokenizers.models.Bpe;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Learns BPE merges from word counts as the Hugging Face trainer does: the most frequent pair first; of equally frequent pairs the
 * one with the smaller left id, then the smaller right id.
 */
public final class BpeTrainer {

    private final TrainerOptions options;
    private final Map<String, Integer> idOf = new HashMap<>();
    private final List<String> tokens = new ArrayList<>();

    private long symbolsRead;

    public BpeTrainer(TrainerOptions options) {
        this.options = options;
    }

    /** Symbols that the last training read: those of all words once, and those of the words that each merge changed. */
    public long symbolsRead() {
        return symbolsRead;
    }

    /** The special tokens come first, then the alphabet by code point, then the merges. */
    public Bpe train(WordCounts counts) {
        idOf.clear();
        tokens.clear();
        symbolsRead = 0;
        options.specialTokens().forEach(token -> idOfNew(token.content()));
        alphabet(counts).forEach(this::idOfNew);
        options.symbolOrder().forEach(this::idOfNew);
        SymbolWords words = words(counts);
        List<Bpe.Merge> merges = new Merging(words).run();
        Bpe.Options modelOptions = new Bpe.Options(
                null,
                null,
                blankToNull(options.continuingSubwordPrefix()),
                blankToNull(options.endOfWordSuffix()),
                false,
                false,
                false);
        return new Bpe(Vocabulary.of(idOf), merges, modelOptions);
    }

    private static @Nullable String blankToNull(String s) {
        return s.isEmpty() ? null : s;
    }

    /** The special tokens with the ids that training gives them. */
    public List<AddedToken> specialTokens() {
        List<AddedToken> special = new ArrayList<>();
        for (AddedToken token : options.specialTokens()) {
            special.add(new AddedToken(
                    special.size(),
                    token.content(),
                    token.singleWord(),
                    token.lstrip(),
                    token.rstrip(),
                    token.normalized(),
                    true));
        }
        return special;
    }

    private int idOfNew(String token) {
        Integer known = idOf.get(token);
        if (known != null) {
            return known;
        }
        idOf.put(token, tokens.size());
        tokens.add(token);
        return tokens.size() - 1;
    }

    /** The characters to start with, by code point: the most frequent ones if their number is limited. */
    private List<String> alphabet(WordCounts counts) {
        Map<Integer, Long> frequency = new TreeMap<>();
        counts.forEachSorted((b, from, to, n) -> new String(b, from, to - from, StandardCharsets.UTF_8)
                .codePoints()
                .forEach(c -> frequency.merge(c, n, Long::sum)));
        options.initialAlphabet().forEach(c -> frequency.put(c, Long.MAX_VALUE));
        List<Integer> kept = new ArrayList<>(frequency.keySet());
        int limit = options.limitAlphabet();
        if (limit < kept.size()) {
            kept.sort((a, b) -> Long.compare(frequency.getOrDefault(b, 0L), frequency.getOrDefault(a, 0L)));
            kept = new ArrayList<>(kept.subList(0, limit));
            kept.sort(null);
        }
        return kept.stream().map(Character::toString).toList();
    }

    /** The words as symbols; characters that are not in the alphabet are left out. */
    private SymbolWords words(WordCounts counts) {
        SymbolWords words = new SymbolWords();
        String prefix = options.continuingSubwordPrefix();
        String suffix = options.endOfWordSuffix();
        boolean plain = prefix.isEmpty() && suffix.isEmpty();
        int[] idOfCodePoint = new int[0x200];
        for (int c = 0; c < idOfCodePoint.length; c++) {
            idOfCodePoint[c] = idOf.getOrDefault(Character.toString(c), Vocabulary.ABSENT);
        }
        IntList symbols = new IntList();
        counts.forEachSorted((b, from, to, n) -> {
            int[] cps = new String(b, from, to - from, StandardCharsets.UTF_8)
                    .codePoints()
                    .toArray();
            symbols.clear();
            for (int i = 0; i < cps.length; i++) {
                int id = cps[i] < idOfCodePoint.length
                        ? idOfCodePoint[cps[i]]
                        : idOf.getOrDefault(Character.toString(cps[i]), Vocabulary.ABSENT);
                if (id == Vocabulary.ABSENT) {
                    continue;
                }
                if (!plain) {
                    String start = i > 0 ? prefix : "";
                    String end = i == cps.length - 1 ? suffix : "";
                    id = idOfNew(start + Character.toString(cps[i]) + end);
                }
                symbols.add(id);
            }
            words.add(symbols, n);
        });
        return words;
    }

    /** A pair in the queue, with the words that it was seen in when it was put there. */
    private record Candidate(long count, int left, int right, int slot, IntList words)
            implements Comparable<Candidate> {

        @Override
        public int compareTo(Candidate other) {
            int byCount = Long.compare(other.count, count);
            int byLeft = byCount != 0 ? byCount : Integer.compare(left, other.left);
            return byLeft != 0 ? byLeft : Integer.compare(right, other.right);
        }
    }

    private final class Merging {

        private final SymbolWords words;
        private final PairTable pairs = new PairTable();
        private final PriorityQueue<Candidate> queue = new PriorityQueue<>();
        private final int maxTokenLength = options.maxTokenLength();
        private int[] lengthOf = new int[0];

        Merging(SymbolWords words) {
            this.words = words;
        }

        List<Bpe.Merge> run() {
            for (int w = 0; w < words.size(); w++) {
                symbolsRead += words.end(w) - words.start(w);
                for (int i = words.start(w); i + 1 < words.end(w); i++) {
                    pairs.addFor(pairs.slot(words.symbol(i), words.symbol(i + 1)), words.count(w), w);
                }
            }
            lengthOf = new int[Math.max(options.vocabSize(), tokens.size()) + 1];
            for (int id = 0; id < tokens.size(); id++) {
                lengthOf[id] = length(tokens.get(id));
            }
            pushTouched();
            List<Bpe.Merge> merges = new ArrayList<>();
            while (tokens.size() < options.vocabSize() && !queue.isEmpty()) {
                Candidate top = queue.poll();
                long now = pairs.count(top.slot);
                if (now != top.count) {
                    queue.add(new Candidate(now, top.left, top.right, top.slot, top.words));
                    continue;
                }
                if (top.count < 1 || top.count < options.minFrequency()) {
                    break;
                }
                String left = tokens.get(top.left);
                String right = tokens.get(top.right);
                String prefix = options.continuingSubwordPrefix();
                String joint = left
                        + (!prefix.isEmpty() && right.startsWith(prefix) ? right.substring(prefix.length()) : right);
                if (length(joint) > maxTokenLength) {
                    continue;
                }
                int id = idOfNew(joint);
                lengthOf[id] = length(joint);
                merges.add(new Bpe.Merge(left, right));
                apply(top, id);
                pushTouched();
            }
            return merges;
        }

        private static int length(String token) {
            return token.codePointCount(0, token.length());
        }

        private void apply(Candidate top, int id) {
            int[] in = top.words.array();
            for (int k = 0; k < top.words.size(); k++) {
                merge(in[k], top.left, top.right, id);
            }
        }

        /** Replaces the pair in one word from left to right, and keeps the counts of the neighbouring pairs. */
        private void merge(int w, int left, int right, int id) {
            int[] s = words.symbols();
            int start = words.start(w);
            int end = words.end(w);
            long count = words.count(w);
            int out = start;
            symbolsRead += end - start;
            int length = lengthOf[id];
            for (int i = start; i < end; i++) {
                if (s[i] != left || i + 1 >= end || s[i + 1] != right) {
                    s[out++] = s[i];
                    continue;
                }
                if (out > start) {
                    int before = s[out - 1];
                    pairs.add(pairs.slot(before, left), -count);
                    if (lengthOf[before] + length < maxTokenLength) {
                        pairs.addFor(pairs.slot(before, id), count, w);
                    }
                }
                if (i + 2 < end) {
                    int after = s[i + 2];
                    pairs.add(pairs.slot(right, after), -count);
                    if (lengthOf[after] + length < maxTokenLength) {
                        pairs.addFor(pairs.slot(id, after), count, w);
                    }
                }
                s[out++] = id;
                i++;
            }
            words.shrink(w, out);
        }

        private void pushTouched() {
            pairs.drainTouched((slot, in) -> {
                if (pairs.count(slot) > 0) {
                    queue.add(new Candidate(pairs.count(slot), pairs.left(slot), pairs.right(slot), slot, in));
                }
            });
        }
    }
}
