package dev.athanor.lm.generate;

import dev.athanor.lm.generate.Generator.Continuation;
import dev.athanor.lm.generate.Generator.End;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** One prompt and what has been drawn for it. */
final class Sequence {

    final int[] prompt;
    private final Sampling sampling;
    private final int context;
    private final @Nullable Function<int[], String> decode;
    private final TokenSampler sampler;
    private final List<Integer> tokens = new ArrayList<>();
    private @Nullable End end;

    /** @param number place in the batch */
    Sequence(int number, int[] prompt, Sampling sampling, int context, @Nullable Function<int[], String> decode) {
        this.prompt = prompt;
        this.sampling = sampling;
        this.context = context;
        this.decode = decode;
        this.sampler = new TokenSampler(sampling, number);
        Arrays.stream(prompt).forEach(sampler::see);
    }

    /** What the next position is computed of: the prompt, later the newest token. */
    int[] input() {
        return tokens.isEmpty() ? prompt : new int[] {tokens.getLast()};
    }

    boolean ended() {
        return end != null;
    }

    /** @return the token that was chosen, or -1 for a stop token */
    int choose(float[] logits) {
        int token = sampler.next(logits);
        if (sampling.stopTokens().contains(token)) {
            end = End.STOP_TOKEN;
            return -1;
        }
        tokens.add(token);
        sampler.see(token);
        if (!sampling.stopTexts().isEmpty() && stopAt(text(tokens.size())) >= 0) {
            end = End.STOP_TEXT;
        } else if (tokens.size() == sampling.maxTokens()) {
            end = End.MAX_TOKENS;
        } else if (prompt.length + tokens.size() > context) {
            end = End.CONTEXT_FULL;
        }
        return token;
    }

    private int stopAt(String text) {
        return sampling.stopTexts().stream()
                .mapToInt(text::indexOf)
                .filter(at -> at >= 0)
                .min()
                .orElse(-1);
    }

    private String text(int count) {
        return Objects.requireNonNull(decode).apply(ids(count));
    }

    private int[] ids(int count) {
        return tokens.subList(0, count).stream().mapToInt(Integer::intValue).toArray();
    }

    Continuation result() {
        int kept = tokens.size();
        if (end == End.STOP_TEXT) {
            int at = stopAt(text(kept));
            while (kept > 0 && text(kept).length() > at) {
                kept--;
            }
        }
        return new Continuation(ids(kept), Objects.requireNonNull(end));
    }
}
