package dev.athanor.tokenizers.processors;

import dev.athanor.tokenizers.Encoding;
import java.util.List;

/** Adds special tokens around one or two encoded texts, and sets type ids and offsets. Immutable and thread-safe. */
public interface PostProcessor {

    /** How many tokens {@link #process} adds, so that truncation leaves room for them. */
    int addedTokens(boolean pair);

    /**
     * @param sequences one or two encodings
     * @return the parts, in order, that together make the result
     */
    List<Encoding> process(List<Encoding> sequences, boolean addSpecialTokens);
}
