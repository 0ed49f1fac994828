package dev.athanor.lm.ngram;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.athanor.lm.Texts;
import dev.athanor.lm.data.TokenStream;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class KneserNeyTest {

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 5})
    void probabilitiesSumToOneAfterAnyContext(int order) {
        var model = new KneserNey(Texts.chain(20, 3000, 1), 25, order, 0);
        var random = new Random(3);
        for (int i = 0; i < 50; i++) {
            int[] context = random.ints(random.nextInt(6), 0, 25).toArray();
            double sum = 0;
            for (int token = 0; token < 25; token++) {
                double p = model.probability(context, context.length, token);
                assertThat(p).isPositive();
                sum += p;
            }
            assertThat(sum).isCloseTo(1, within(1e-9));
        }
    }

    /** a b a b a c with bigrams, by hand: too few counts for discounts of their own, so 0.5, 1, 1.5. */
    @Test
    void isWhatTheFormulaGives() {
        var model = new KneserNey(TokenStream.of(new int[] {0, 1, 0, 1, 0, 2}), 3, 2, 0);
        // Different tokens before: of a 1 (and the beginning), of b 1, of c 1; total 4, of which two ones and one two.
        double freed = (0.5 * 2 + 1 * 1) / 4;
        double pa = (2 - 1) / 4.0 + freed / 3;
        double pb = (1 - 0.5) / 4.0 + freed / 3;
        assertThat(model.probability(new int[0], 0, 0)).isCloseTo(pa, within(1e-12));
        assertThat(model.probability(new int[0], 0, 1)).isCloseTo(pb, within(1e-12));
        // After a: b twice, c once.
        double afterA = (2 - 1) / 3.0 + (0.5 + 1) / 3 * pb;
        assertThat(model.probability(new int[] {0}, 1, 1)).isCloseTo(afterA, within(1e-12));
    }

    /** Over maps from runs of ids, straight from the definition. */
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 4})
    void tablesGiveWhatPlainMapsGive(int order) {
        int[] ids = new int[5000];
        long[] all = new long[ids.length];
        Texts.chain(40, ids.length, 5).read(0, ids.length, all, 0);
        java.util.Arrays.setAll(ids, i -> (int) all[i]);
        var model = new KneserNey(TokenStream.of(ids), 41, order, 0);
        var plain = new PlainKneserNey(ids, 41, order);
        var random = new Random(6);
        for (int i = 0; i < 3000; i++) {
            int length = random.nextInt(order + 1);
            int from = random.nextInt(ids.length - length);
            int[] context = random.nextInt(4) == 0
                    ? random.ints(length, 0, 41).toArray()
                    : java.util.Arrays.copyOfRange(ids, from, from + length);
            int token = random.nextInt(41);
            assertThat(model.probability(context, length, token)).isEqualTo(plain.probability(context, token));
        }
    }

    @Test
    void higherOrdersPredictBetter() {
        TokenStream held = Texts.chain(30, 2000, 2);
        double one = new KneserNey(Texts.chain(30, 20_000, 1), 30, 1, 0)
                .perplexity(held, 0, null)
                .natsPerToken();
        double two = new KneserNey(Texts.chain(30, 20_000, 1), 30, 2, 0)
                .perplexity(held, 0, null)
                .natsPerToken();
        assertThat(one).isBetween(2.0, 3.4);
        assertThat(two).isBetween(0.7, one - 1);
    }

    @Test
    void scoresAsManyTokensAsAsked() {
        var model = new KneserNey(Texts.chain(30, 1000, 1), 30, 3, 0);
        assertThat(model.perplexity(Texts.chain(30, 100, 2), 0, null).tokens()).isEqualTo(99);
        assertThat(model.perplexity(Texts.chain(30, 100, 2), 10, null).tokens()).isEqualTo(10);
        assertThat(model.perplexity(Texts.chain(30, 100, 2), 10, new int[30]).bytes())
                .isZero();
        assertThat(model.ngrams()).isPositive();
        assertThat(model.tokens()).isEqualTo(1000);
        assertThat(new KneserNey(Texts.chain(30, 1000, 1), 30, 3, 100).tokens()).isEqualTo(100);
    }

    @Test
    void badInputIsNamed() {
        assertThatThrownBy(() -> new KneserNey(TokenStream.of(new int[1]), 3, 2, 0))
                .hasMessageContaining("1 tokens");
        assertThatThrownBy(() -> new KneserNey(TokenStream.of(new int[9]), 3, 0, 0))
                .hasMessageContaining("order is 0");
    }
}
