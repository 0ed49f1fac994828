package dev.athanor.tokenizers;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.ObjIntConsumer;
import org.jspecify.annotations.Nullable;

/** Tokens and their ids, both ways. Ids may have holes; the order of iteration is by id. Immutable. */
public final class Vocabulary {

    /** No token has this id. */
    public static final int ABSENT = -1;

    /** The largest id: a file that claims more is not taken at its word, because a table is made of that size. */
    public static final int MAX_ID = (1 << 24) - 1;

    private final Map<String, Integer> idByToken;
    private final @Nullable String[] tokenById;

    private Vocabulary(Map<String, Integer> idByToken, @Nullable String[] tokenById) {
        this.idByToken = idByToken;
        this.tokenById = tokenById;
    }

    /**
     * @param idByToken each token's id, from 0
     * @throws IllegalArgumentException if an id is negative or above {@link #MAX_ID}
     */
    public static Vocabulary of(Map<String, Integer> idByToken) {
        int max = -1;
        for (Map.Entry<String, Integer> entry : idByToken.entrySet()) {
            int id = entry.getValue();
            if (id < 0 || id > MAX_ID) {
                throw new IllegalArgumentException(
                        "vocabulary: token \"" + entry.getKey() + "\" has id " + id + ", expected 0 to " + MAX_ID);
            }
            requireUnicode(entry.getKey());
            max = Math.max(max, id);
        }
        @Nullable String[] tokenById = new String[max + 1];
        idByToken.forEach((token, id) -> tokenById[id] = token);
        return new Vocabulary(new HashMap<>(idByToken), tokenById);
    }

    /** The tokens of a list, each with its index as id. A token that is there twice is encoded as the later, as in the reference. */
    public static Vocabulary ofList(List<String> tokens) {
        Map<String, Integer> ids = HashMap.newHashMap(tokens.size());
        for (int id = 0; id < tokens.size(); id++) {
            requireUnicode(tokens.get(id));
            ids.put(tokens.get(id), id);
        }
        return new Vocabulary(ids, tokens.toArray(String[]::new));
    }

    private static void requireUnicode(String token) {
        for (int i = 0; i < token.length(); i++) {
            char c = token.charAt(i);
            if (Character.isHighSurrogate(c)
                    && i + 1 < token.length()
                    && Character.isLowSurrogate(token.charAt(i + 1))) {
                i++;
            } else if (Character.isSurrogate(c)) {
                throw new IllegalArgumentException(String.format(
                        Locale.ROOT, "vocabulary: token \"%s\" has half of a surrogate pair, U+%04X", token, (int) c));
            }
        }
    }

    /** Every token with its id, in no order; tokens that share an id too. */
    public void forEach(ObjIntConsumer<String> use) {
        idByToken.forEach((token, id) -> use.accept(token, id));
    }

    /** Whether each id is that of one token only. */
    public boolean isOneToOne() {
        int named = 0;
        for (String token : tokenById) {
            named += token != null ? 1 : 0;
        }
        return named == idByToken.size();
    }

    /** How many tokens there are; with holes this is less than the largest id plus one. */
    public int size() {
        return idByToken.size();
    }

    /** One more than the largest id. */
    public int idLimit() {
        return tokenById.length;
    }

    /** The token's id, or {@link #ABSENT}. */
    public int id(String token) {
        return idByToken.getOrDefault(token, ABSENT);
    }

    /** The id's token, or null. */
    public @Nullable String token(int id) {
        return id >= 0 && id < tokenById.length ? tokenById[id] : null;
    }

    public boolean contains(String token) {
        return idByToken.containsKey(token);
    }

    /** The tokens with their ids, by id. Where two tokens share an id, the later in code unit order comes later. */
    public Map<Integer, String> byId() {
        Map<Integer, String> sorted = new TreeMap<>();
        for (int id = 0; id < tokenById.length; id++) {
            String token = tokenById[id];
            if (token != null) {
                sorted.put(id, token);
            }
        }
        return sorted;
    }

    /** All tokens by id, without the holes. */
    public List<String> tokens() {
        return new ArrayList<>(byId().values());
    }
}
