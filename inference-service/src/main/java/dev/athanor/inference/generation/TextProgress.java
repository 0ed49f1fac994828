package dev.athanor.inference.generation;

/** Told of texts while they grow; what it throws ends the generation. */
public interface TextProgress {

    /** Tells nothing. */
    TextProgress NONE = new TextProgress() {};

    /** Asked before each step. */
    default void goOn() {}

    /**
     * The text has grown by this, which is never taken back.
     *
     * @param sequence place of its prompt
     */
    default void text(int sequence, String text) {}

    /** @param stopped whether the model, or a stop text, ended it; otherwise it was cut off */
    default void ended(int sequence, boolean stopped) {}
}
