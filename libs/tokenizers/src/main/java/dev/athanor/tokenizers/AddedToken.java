package dev.athanor.tokenizers;

/**
 * A token that is found in the text as it stands, before the model sees it.
 *
 * @param id its id in the tokenizer
 * @param content the text that it is written as
 * @param singleWord whether it counts only between word boundaries
 * @param lstrip whether white space to its left belongs to it
 * @param rstrip whether white space to its right belongs to it
 * @param normalized whether it is looked for in the normalized text, rather than in the text as it was given
 * @param special whether decoding can leave it out
 */
public record AddedToken(
        int id,
        String content,
        boolean singleWord,
        boolean lstrip,
        boolean rstrip,
        boolean normalized,
        boolean special) {

    public AddedToken {
        if (id < 0 || id > Vocabulary.MAX_ID) {
            throw new IllegalArgumentException(
                    "added_tokens.id: " + id + " for \"" + content + "\", expected 0 to " + Vocabulary.MAX_ID);
        }
    }

    /** A special token that stands for itself wherever it is written. */
    public static AddedToken special(int id, String content) {
        return new AddedToken(id, content, false, false, false, false, true);
    }
}
