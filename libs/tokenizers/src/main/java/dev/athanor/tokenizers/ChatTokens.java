package dev.athanor.tokenizers;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * Conversations to ids, with special tokens for who speaks: {@code <|user|>}, text, {@code <|end|>} where the vocabulary has a token for each role
 * ({@link #NAMES}), or {@code <|im_start|>}, the role's name and a line end, text, {@code <|im_end|>} and a line end where it has those (ChatML).
 * What a speaker says is text and nothing else: the names of special tokens in it are spelt out in pieces. Immutable and thread-safe.
 */
public final class ChatTokens {

    /** Who speaks. */
    public enum Role {
        SYSTEM,
        USER,
        ASSISTANT;

        /** The special token of the role. */
        public String token() {
            return "<|" + label() + "|>";
        }

        private String label() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** The token behind what was said. */
    public static final String END = "<|end|>";

    /** The special tokens to train a vocabulary with, so that it can have conversations. */
    public static final List<String> NAMES =
            List.of(Role.SYSTEM.token(), Role.USER.token(), Role.ASSISTANT.token(), END);

    private static final String ML_START = "<|im_start|>";
    private static final String ML_END = "<|im_end|>";

    /** What one of them says. */
    public record Turn(Role role, String text) {}

    /**
     * A conversation.
     *
     * @param ids of all of it
     * @param answers for each id whether the assistant has to say it: its text and the end of it, and not its role
     */
    public record Conversation(int[] ids, boolean[] answers) {}

    private final Tokenizer text;
    private final int[][] starts = new int[Role.values().length][];
    private final int[] end;

    private ChatTokens(Tokenizer tokenizer) {
        text = Tokenizer.of(tokenizer
                .spec()
                .withAddedTokens(tokenizer.spec().addedTokens().stream()
                        .filter(token -> !token.special())
                        .toList()));
        boolean roles = NAMES.stream().allMatch(name -> tokenizer.tokenToId(name) >= 0);
        if (!roles && (tokenizer.tokenToId(ML_START) < 0 || tokenizer.tokenToId(ML_END) < 0)) {
            throw new IllegalArgumentException(
                    "added_tokens: expected " + NAMES + ", or " + List.of(ML_START, ML_END) + ", got "
                            + tokenizer.spec().addedTokens().stream()
                                    .map(AddedToken::content)
                                    .limit(20)
                                    .toList());
        }
        for (Role role : Role.values()) {
            starts[role.ordinal()] = roles
                    ? new int[] {tokenizer.tokenToId(role.token())}
                    : behind(tokenizer.tokenToId(ML_START), role.label() + "\n");
        }
        end = roles ? new int[] {tokenizer.tokenToId(END)} : behind(tokenizer.tokenToId(ML_END), "\n");
    }

    /** @throws IllegalArgumentException if the tokenizer has tokens of neither kind */
    public static ChatTokens of(Tokenizer tokenizer) {
        return new ChatTokens(tokenizer);
    }

    private int[] behind(int special, String words) {
        IntList ids = new IntList();
        ids.add(special);
        text.encodeIds(words, ids);
        return ids.toArray();
    }

    /** The id that ends what a speaker says: where generation stops. */
    public int end() {
        return end[0];
    }

    /** @param open whether the assistant is to speak next, and its role stands behind the last turn */
    public Conversation encode(List<Turn> turns, boolean open) {
        IntList ids = new IntList();
        IntList answers = new IntList();
        for (Turn turn : turns) {
            int[] start = starts[turn.role().ordinal()];
            ids.addAll(start, 0, start.length);
            int said = ids.size();
            text.encodeIds(turn.text(), ids);
            ids.addAll(end, 0, end.length);
            if (turn.role() == Role.ASSISTANT) {
                answers.add(said);
                answers.add(ids.size() - (end.length - 1));
            }
        }
        if (open) {
            int[] start = starts[Role.ASSISTANT.ordinal()];
            ids.addAll(start, 0, start.length);
        }
        boolean[] mask = new boolean[ids.size()];
        for (int i = 0; i < answers.size(); i += 2) {
            Arrays.fill(mask, answers.get(i), answers.get(i + 1), true);
        }
        return new Conversation(ids.toArray(), mask);
    }
}
