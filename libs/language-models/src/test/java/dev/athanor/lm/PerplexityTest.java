package dev.athanor.lm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.Device;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import dev.athanor.lm.data.TokenStream;
import dev.athanor.lm.model.ModelConfig;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class PerplexityTest {

    private static final ModelConfig CONFIG =
            ModelConfig.gpt2(40, 8, 2, 2, 16).initializerRange(0.3).build();
    private static final int[] IDS = new Random(4).ints(30, 0, 40).toArray();

    @Test
    void everyTokenButTheFirstIsScoredFromItsWindow() {
        try (var model = LanguageModel.create(CONFIG, 9, Device.cpu())) {
            Perplexity all = Perplexity.of(model.transformer(), Device.cpu(), TokenStream.of(IDS), 2, 0, new int[40]);
            assertThat(all.tokens()).isEqualTo(29);
            assertThat(all.nats()).isCloseTo(plainNats(model, 29), within(1e-3));
            Perplexity some = Perplexity.of(model.transformer(), Device.cpu(), TokenStream.of(IDS), 4, 19, null);
            assertThat(some.tokens()).isEqualTo(19);
            assertThat(some.nats()).isCloseTo(plainNats(model, 19), within(1e-3));
        }
    }

    /** By the definition, window for window, from whole logits. */
    private static double plainNats(LanguageModel model, int tokens) {
        double nats = 0;
        try (NDManager manager = Devices.newManager(Device.cpu())) {
            var transformer = model.transformer();
            for (int from = 0; from < tokens; from += 8) {
                int length = Math.min(8, tokens - from);
                long[] inputs =
                        Arrays.stream(IDS, from, from + length).asLongStream().toArray();
                float[] logits = transformer
                        .heads()
                        .logits(transformer.hidden(manager.create(inputs, new Shape(1, length)), false))
                        .toFloatArray();
                for (int t = 0; t < length; t++) {
                    double sum = 0;
                    for (int v = 0; v < 40; v++) {
                        sum += Math.exp(logits[t * 40 + v]);
                    }
                    nats += Math.log(sum) - logits[t * 40 + IDS[from + t + 1]];
                }
            }
        }
        return nats;
    }

    @Test
    void figuresFollowFromNatsTokensAndBytes() {
        var score = new Perplexity(20 * Math.log(2), 10, 40);
        assertThat(score.natsPerToken()).isCloseTo(2 * Math.log(2), within(1e-12));
        assertThat(score.perplexity()).isCloseTo(4, within(1e-12));
        assertThat(score.bitsPerByte()).isCloseTo(0.5, within(1e-12));
        assertThat(new Perplexity(1, 1, 0).bitsPerByte()).isNaN();
    }

    @Test
    void bytesAreThoseOfTheScoredTokens() {
        var bytes = new int[40];
        Arrays.setAll(bytes, id -> id);
        try (var model = LanguageModel.create(CONFIG, 9, Device.cpu())) {
            Perplexity score = Perplexity.of(model.transformer(), Device.cpu(), TokenStream.of(IDS), 2, 0, bytes);
            assertThat(score.bytes()).isEqualTo(Arrays.stream(IDS).skip(1).sum());
        }
    }

    @Test
    void oneTokenIsTooFew() {
        try (var model = LanguageModel.create(CONFIG, 9, Device.cpu())) {
            assertThatThrownBy(() ->
                            Perplexity.of(model.transformer(), Device.cpu(), TokenStream.of(new int[1]), 2, 0, null))
                    .hasMessageContaining("at least 2 tokens");
        }
    }
}
