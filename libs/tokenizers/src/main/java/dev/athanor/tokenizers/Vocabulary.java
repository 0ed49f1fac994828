package dev.athanor.tokenizers;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Tokens and their ids, both ways. Ids may have holes; the order of iteration is by id. Immutable. */
public final class Vocabulary {

    /** No token has this id. */
    public static final int ABSENT = -1;

    private final Map<String, Integer> idByToken;
    private final @Nullable String[] tokenById;

    private Vocabulary(Map<String, Integer> idByToken) {
        this.idByToken = idByToken;
        int max = -1;
        for (int id : idByToken.values()) {
            max = Math.max(max, id);
        }
        tokenById = new String[max + 1];
        idByToken.forEach((token, id) -> tokenById[id] = token);
    }

    /**
     * @param idByToken each token's id, from 0
     * @throws IllegalArgumentException if an id is negative or above 100 million
     */
    public static Vocabulary of(Map<String, Integer> idByToken) {
        idByToken.forEach((token, id) -> {
            if (id < 0 || id > 100_000_000) {
                throw new IllegalArgumentException(
                        "vocabulary: token \"" + token + "\" has id " + id + ", expected 0 to 100000000");
            }
        });
        return new Vocabulary(new HashMap<>(idByToken));
    }

    /** The tokens of a list, each with its index as id. */
    public static Vocabulary ofList(List<String> tokens) {
        Map<String, Integer> ids = HashMap.newHashMap(tokens.size());
        for (int id = 0; id < tokens.size(); id++) {
            ids.putIfAbsent(tokens.get(id), id);
        }
        return new Vocabulary(ids);
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
