package dev.athanor.tokenizers;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One tokenizer.json, read by the reference and by ours, on hard texts: singly, in pairs, in a batch, and back to text. */
final class Comparison {

    private Comparison() {}

    /** What is different first, or an empty string. */
    static String of(String json, long seed, int count) {
        Tokenizer ours;
        try {
            ours = Tokenizer.fromJson(json);
        } catch (RuntimeException refused) {
            try (Reference theirs = new Reference(json)) {
                return "refused: " + refused;
            } catch (RuntimeException alike) {
                return "";
            }
        }
        if (hasEmptyToken(ours)) {
            return "";
        }
        RandomTexts texts = new RandomTexts(seed, true);
        try (Reference theirs = new Reference(json)) {
            List<String> batch = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                String a = texts.next();
                String b = texts.next();
                batch.add(a);
                String difference = one(ours, theirs, a, b, i % 3 > 0);
                if (!difference.isEmpty()) {
                    return difference;
                }
            }
            return batch(ours, theirs, batch);
        } catch (IllegalStateException refused) {
            return "only the reference refuses: " + refused;
        }
    }

    /** The reference finds an added token of which normalization leaves nothing at every byte, and ends the process within characters. */
    private static boolean hasEmptyToken(Tokenizer tokenizer) {
        var normalizer = tokenizer.spec().normalizer();
        return normalizer != null
                && tokenizer.spec().addedTokens().stream()
                        .filter(AddedToken::normalized)
                        .anyMatch(t -> normalizer
                                .normalize(AlignedText.of(t.content()))
                                .isEmpty());
    }

    private static String one(Tokenizer ours, Reference theirs, String a, String b, boolean special) {
        Outcome single = Outcome.of(() -> theirs.encode(a, special), () -> ours.encode(a, special));
        if (!single.difference().isEmpty()) {
            return "\"" + escaped(a) + "\": " + single.difference();
        }
        if (single.encoding() != null) {
            int[] ids = single.encoding().ids();
            for (boolean skip : new boolean[] {true, false}) {
                String expected = theirs.decode(ids, skip);
                if (!expected.equals(ours.decode(ids, skip))) {
                    return "\"" + escaped(a) + "\": decoded \"" + escaped(ours.decode(ids, skip)) + "\", expected \""
                            + escaped(expected) + "\" of "
                            + String.join("|", single.encoding().tokens());
                }
            }
        }
        Outcome pair = Outcome.of(() -> theirs.encodePair(a, b, special), () -> ours.encodePair(a, b, special));
        return pair.difference().isEmpty()
                ? ""
                : "\"" + escaped(a) + "\" and \"" + escaped(b) + "\": " + pair.difference();
    }

    private static String batch(Tokenizer ours, Reference theirs, List<String> texts) {
        try {
            for (String text : texts) {
                if (strideIsTooLong(() -> ours.encode(text, true))) {
                    return "";
                }
                theirs.encode(text, true);
            }
        } catch (RuntimeException refused) {
            // The binding ends the process where a batch fails.
            return "";
        }
        List<Reference.Result> expected = theirs.encodeBatch(texts, true);
        List<Encoding> actual = ours.encodeBatch(texts, true);
        for (int i = 0; i < texts.size(); i++) {
            String difference = expected.get(i).difference(actual.get(i));
            if (!difference.isEmpty()) {
                return "in a batch, \"" + escaped(texts.get(i)) + "\": " + difference;
            }
        }
        return "";
    }

    private record Outcome(String difference, @Nullable Encoding encoding) {

        interface Call<T> {
            T get();
        }

        static Outcome of(Call<Reference.Result> theirs, Call<Encoding> ours) {
            if (strideIsTooLong(ours)) {
                // The binding ends the process.
                return new Outcome("", null);
            }
            Reference.Result expected;
            try {
                expected = theirs.get();
            } catch (RuntimeException refused) {
                try {
                    return new Outcome(
                            "gives " + ours.get() + ", but the reference refuses: " + refused.getMessage(), null);
                } catch (RuntimeException alike) {
                    return new Outcome("", null);
                }
            }
            try {
                Encoding actual = ours.get();
                return new Outcome(expected.difference(actual), actual);
            } catch (RuntimeException refused) {
                return new Outcome("refuses: " + refused, null);
            }
        }
    }

    private static boolean strideIsTooLong(Outcome.Call<Encoding> ours) {
        try {
            ours.get();
            return false;
        } catch (RuntimeException refused) {
            return String.valueOf(refused.getMessage()).contains("truncation.stride");
        }
    }

    private static String escaped(String text) {
        StringBuilder out = new StringBuilder();
        text.codePoints()
                .forEach(c -> out.append(c < 0x7F && c >= 0x20 ? Character.toString(c) : String.format("{%X}", c)));
        return out.toString();
    }
}
