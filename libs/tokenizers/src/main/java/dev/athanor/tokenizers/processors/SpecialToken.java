package dev.athanor.tokenizers.processors;

import dev.athanor.tokenizers.Encoding;

/** A token with its id, as post-processors add it. */
public record SpecialToken(String token, int id) {

    Encoding encoding(int typeId) {
        return Encoding.ofSpecial(new int[] {id}, new String[] {token}, typeId);
    }
}
