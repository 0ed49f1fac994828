package dev.athanor.tokenizers;

import ai.djl.huggingface.tokenizers.jni.CharSpan;
import ai.djl.huggingface.tokenizers.jni.LibUtils;
import ai.djl.huggingface.tokenizers.jni.TokenizersLibrary;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The Hugging Face library behind DJL's binding, without DJL's own options: truncation and padding are what the tokenizer.json says, and
 * batches and left sides can be compared.
 */
final class Reference implements AutoCloseable {

    private static final TokenizersLibrary LIB = TokenizersLibrary.LIB;

    /** What the reference gives for one text; its fields are those of {@link Encoding}. */
    record Result(
            int[] ids,
            int[] typeIds,
            String[] tokens,
            int[] words,
            int[] attention,
            int[] special,
            CharSpan[] spans,
            List<Result> overflowing) {

        /** What is different, or an empty string. Overflowing parts are compared, their own overflowing parts are not. */
        String difference(Encoding e) {
            String own = withoutOverflowing(e);
            if (!own.isEmpty() || overflowing.size() != e.overflowing().size()) {
                return own.isEmpty() ? e.overflowing().size() + " overflowing, expected " + overflowing.size() : own;
            }
            for (int i = 0; i < overflowing.size(); i++) {
                String inner =
                        overflowing.get(i).withoutOverflowing(e.overflowing().get(i));
                if (!inner.isEmpty()) {
                    return "overflowing " + i + ": " + inner;
                }
            }
            return "";
        }

        private String withoutOverflowing(Encoding e) {
            if (!Arrays.equals(ids, e.ids())) {
                return "ids " + Arrays.toString(e.ids()) + ", expected " + Arrays.toString(ids);
            }
            for (int i = 0; i < ids.length; i++) {
                // The binding has no span for tokens that came from no text.
                if (spans[i] != null && (spans[i].getStart() != e.start(i) || spans[i].getEnd() != e.end(i))) {
                    return "offsets of token " + i + " " + e.start(i) + "-" + e.end(i) + ", expected "
                            + spans[i].getStart() + "-" + spans[i].getEnd();
                }
            }
            return differs("tokens", tokens, e.tokens())
                    + differs("type ids", typeIds, e.typeIds())
                    + differs("attention", attention, e.attentionMask())
                    + differs("special", special, e.specialTokensMask())
                    + differs("words", words, e.wordIds());
        }

        private static String differs(String what, Object expected, Object actual) {
            Object[] wrapped = {expected};
            Object[] other = {actual};
            return Arrays.deepEquals(wrapped, other)
                    ? ""
                    : what + " " + Arrays.deepToString(other) + ", expected " + Arrays.deepToString(wrapped);
        }
    }

    private final long handle;

    Reference(String json) {
        LibUtils.checkStatus();
        handle = LIB.createTokenizerFromString(json);
    }

    Result encode(String text, boolean special) {
        return take(LIB.encode(handle, text, special));
    }

    Result encodePair(String first, String second, boolean special) {
        return take(LIB.encodeDual(handle, first, second, special));
    }

    List<Result> encodeBatch(List<String> texts, boolean special) {
        return Arrays.stream(LIB.batchEncode(handle, texts.toArray(String[]::new), special))
                .mapToObj(Reference::take)
                .toList();
    }

    String decode(int[] ids, boolean skipSpecial) {
        return LIB.decode(handle, Arrays.stream(ids).asLongStream().toArray(), skipSpecial);
    }

    private static Result take(long encoding) {
        List<Result> overflowing = new ArrayList<>();
        if (LIB.getOverflowCount(encoding) > 0) {
            for (long more : LIB.getOverflowing(encoding)) {
                overflowing.add(take(more));
            }
        }
        Result result = new Result(
                ints(LIB.getTokenIds(encoding)),
                ints(LIB.getTypeIds(encoding)),
                LIB.getTokens(encoding),
                ints(LIB.getWordIds(encoding)),
                ints(LIB.getAttentionMask(encoding)),
                ints(LIB.getSpecialTokenMask(encoding)),
                LIB.getTokenCharSpans(encoding),
                overflowing);
        LIB.deleteEncoding(encoding);
        return result;
    }

    private static int[] ints(long[] values) {
        return Arrays.stream(values).mapToInt(v -> (int) v).toArray();
    }

    @Override
    public void close() {
        LIB.deleteTokenizer(handle);
    }
}
