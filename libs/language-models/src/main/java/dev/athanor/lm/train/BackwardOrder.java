package dev.athanor.lm.train;

import dev.athanor.lm.model.ModelConfig;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * When the gradients of a model's parameters are complete, from the top of the model down.
 *
 * @param layers of the model; 0 where nothing can be told before the end, as where layers share parameters
 */
record BackwardOrder(int layers) {

    /** Complete only when the backward pass has ended: also what the loss adds afterwards. */
    static final int END = -1;

    private static final Pattern LAYER = Pattern.compile("layers\\.(\\d+)\\..*");
    private static final Pattern ABOVE = Pattern.compile("(norm|masked|pooler|next_sentence)\\..*");

    static BackwardOrder of(ModelConfig config) {
        return new BackwardOrder(config.distinctLayers() == config.layers() ? config.layers() : 0);
    }

    /**
     * A parameter's gradient is complete when the pass has come to a layer below this one.
     *
     * @return the layer's number, the number of layers for what lies above all of them, or {@link #END}
     */
    int level(String parameter) {
        if (layers == 0) {
            return END;
        }
        Matcher layer = LAYER.matcher(parameter);
        if (layer.matches()) {
            return Integer.parseInt(layer.group(1));
        }
        return ABOVE.matcher(parameter).matches() ? layers : END;
    }
}
