package dev.athanor.evaluation.inspection;

import dev.athanor.contracts.error.AthanorException;
import dev.athanor.contracts.error.ErrorCode;
import dev.athanor.lm.inspect.Inspectable;
import dev.athanor.lm.inspect.ValueDistributions.Example;
import org.jspecify.annotations.Nullable;

/** A model with its tokenizer, and what it means to explain its predictions. */
interface Subject extends AutoCloseable {

    Inspectable model();

    /** The beginning of a text, at least one token. */
    Tokens tokens(String text, int maxTokens);

    /** Which prediction of a text is explained. */
    int row(Tokens tokens);

    /** The class that is meant; null for the empty name. */
    @Nullable
    Integer target(String name);

    String targetName(int target);

    /**
     * What is to be predicted of a text.
     *
     * @param target the right class, where there is one a text
     */
    Example example(Tokens tokens, @Nullable Integer target);

    @Override
    void close();

    static AthanorException refused(String message) {
        return new AthanorException(ErrorCode.INVALID_REQUEST, message);
    }
}
