package dev.athanor.lm.host;

import dev.athanor.libtorch.host.Workers;
import dev.athanor.lm.model.ModelConfig.FeedForward;

/** A feed-forward part, of a layer or of one of its experts. */
record HostFeedForward(FeedForward kind, HostLinear in, HostLinear out, int width) {

    /**
     * @param x [batch, C], arranged for bfloat16 weights
     * @param hidden for the part's own use: [batch, 2·F]
     * @param factors for the part's own use: [batch, F]
     * @param y gets [batch, C]
     */
    void apply(Workers workers, float[] x, int batch, float[] hidden, float[] factors, float[] y) {
        int pitch = in.weight().rows();
        int chunk = HostLinear.chunk(workers, width);
        workers.run((width + chunk - 1) / chunk, i -> {
            int from = i * chunk;
            int to = Math.min(width, from + chunk);
            in.rows(from, to, x, batch, hidden);
            if (kind.gated()) {
                in.rows(width + from, width + to, x, batch, hidden);
            }
            for (int b = 0; b < batch; b++) {
                int at = b * pitch + from;
                Functions.activate(kind, hidden, at, to - from, hidden, at + width);
                // A chunk is made of whole blocks, so that it can be arranged by itself.
                out.arrange(hidden, at, to - from, factors, b * width + from);
            }
        });
        out.apply(workers, factors, batch, y);
    }
}
