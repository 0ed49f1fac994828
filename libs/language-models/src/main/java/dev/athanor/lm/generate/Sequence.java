package dev.athanor.lm.generate;

import dev.athanor.lm.generate.Generator.Continuation;
import dev.athanor.lm.generate.Generator.End;
import java.util.Arrays;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** One prompt and what has been drawn for it. */
final class Sequence {

    final int number;
    final int[] prompt;
    private final Sampling sampling;
    private final int context;
    private final @Nullable GrowingText text;
    private final TokenSampler sampler;
    private int[] tokens = new int[16];
    /** How long the text was with each token; as {@link #tokens}. */
    private int[] lengths = new int[16];

    private int count;
    private @Nullable End end;

    /**
     * @param number place in the batch
     * @param text of the new tokens; null where it is not asked for
     */
    Sequence(int number, int[] prompt, Sampling sampling, int context, @Nullable GrowingText text) {
        this.number = number;
        this.prompt = prompt;
        this.sampling = sampling;
        this.context = context;
        this.text = text;
        this.sampler = new TokenSampler(sampling, number);
        Arrays.stream(prompt).forEach(sampler::see);
    }

    /** What the next position is computed of: the prompt, later the newest token. */
    int[] input() {
        return count == 0 ? prompt : new int[] {tokens[count - 1]};
    }

    boolean ended() {
        return end != null;
    }

    /** Why it ended; empty while it goes on. */
    Optional<End> end() {
        return Optional.ofNullable(end);
    }

    /** @return the token that was chosen, or -1 for a stop token */
    int choose(float[] logits) {
        int token = sampler.next(logits);
        if (sampling.stopTokens().contains(token)) {
            end(End.STOP_TOKEN);
            return -1;
        }
        add(token);
        sampler.see(token);
        if (text != null && text.stopped()) {
            end(End.STOP_TEXT);
        } else if (count == sampling.maxTokens()) {
            end(End.MAX_TOKENS);
        } else if (prompt.length + count > context) {
            end(End.CONTEXT_FULL);
        }
        return token;
    }

    private void add(int token) {
        if (count == tokens.length) {
            tokens = Arrays.copyOf(tokens, 2 * count);
            lengths = Arrays.copyOf(lengths, 2 * count);
        }
        tokens[count] = token;
        if (text != null) {
            text.add(token);
            lengths[count] = text.length();
        }
        count++;
    }

    private void end(End reason) {
        end = reason;
        if (text != null) {
            text.finish();
            end = text.stopped() ? End.STOP_TEXT : reason;
        }
    }

    /** What is new of the text and will not be taken back. */
    String takeText() {
        return text == null ? "" : text.take(ended());
    }

    Continuation result() {
        End reason = Objects.requireNonNull(end);
        int kept = count;
        if (text != null && reason == End.STOP_TEXT) {
            kept = 0;
            while (kept < count && (kept == 0 ? 0 : lengths[kept - 1]) < text.length()) {
                kept++;
            }
        }
        return new Continuation(Arrays.copyOf(tokens, kept), text == null ? "" : text.toString(), reason);
    }
}
