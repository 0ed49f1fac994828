package dev.athanor.lm.train;

import static org.assertj.core.api.Assertions.assertThat;

import dev.athanor.lm.Architectures;
import dev.athanor.lm.data.MaskedWindows;
import dev.athanor.lm.data.Masking;
import dev.athanor.lm.data.TokenStream;
import dev.athanor.lm.model.ModelConfig;
import dev.athanor.lm.train.CopyTask.Kind;
import java.nio.file.Path;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Every option learns, to a loss of nearly zero, what it is able to. */
class LearningTest {

    /** Positions that are stretched, or that only say how far away something is, are too coarse to count three places. */
    private static final Set<String> COARSE = Set.of("rotary-linear", "rotary-llama3", "alibi");

    @TempDir
    Path folder;

    @ParameterizedTest(name = "{0}")
    @MethodSource("dev.athanor.lm.Architectures#decoders")
    void everyDecoderLearnsToRecall(String name, ModelConfig config) throws Exception {
        Learning.assertLearns(config, task(Kind.RECALL, config), 150, 5e-3, folder);
    }

    /** What is left out in training is there afterwards: the task is learnt better than it shows in training. */
    @ParameterizedTest
    @ValueSource(strings = {"gpt2", "llama"})
    void aDecoderLearnsWithDropout(String name) throws Exception {
        ModelConfig config = Architectures.decoderConfigs().get(name).toBuilder()
                .dropout(0.1)
                .build();
        Learning.assertLearnsWithDropout(config, task(Kind.RECALL, config), 150, 5e-3, folder);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource
    void positionsAreCounted(String name, ModelConfig config) throws Exception {
        boolean fixed = config.positions() == ModelConfig.Positions.SINUSOIDAL;
        Learning.assertLearns(config, task(Kind.REPEAT, config), 500, fixed ? 1e-2 : 5e-3, folder);
    }

    static Stream<Arguments> positionsAreCounted() {
        return Architectures.decoders()
                .filter(a -> !COARSE.contains((String) a.get()[0]) && !a.get()[0].equals("no-positions"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource
    void nearPositionsAreToldFromFarOnes(String name, ModelConfig config) throws Exception {
        Learning.assertLearns(config, task(Kind.LATEST, config), 150, 1e-2, folder);
    }

    static Stream<Arguments> nearPositionsAreToldFromFarOnes() {
        return Architectures.decoders().filter(a -> COARSE.contains((String) a.get()[0]));
    }

    /** The two tasks are about positions: in as many steps, a model without any does not learn them. */
    @Test
    void withoutPositionsTheseAreNotLearnt() throws Exception {
        ModelConfig config = Architectures.decoderConfigs().get("no-positions");
        assertThat(Learning.lossAfter(config, task(Kind.REPEAT, config), 250, 5e-3, folder.resolve("repeat")))
                .isGreaterThan(0.3);
        assertThat(Learning.lossAfter(config, task(Kind.LATEST, config), 150, 1e-2, folder.resolve("latest")))
                .isGreaterThan(0.15);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("dev.athanor.lm.Architectures#encoders")
    void everyEncoderSeesWhatIsNextToAPosition(String name, ModelConfig config) throws Exception {
        Learning.assertLearns(config, task(Kind.NEAREST, config), 300, 5e-3, folder);
    }

    /** Rows of one repeated token: what is hidden shows in the other positions. */
    @ParameterizedTest(name = "{0}")
    @MethodSource("dev.athanor.lm.Architectures#encoders")
    void everyEncoderLearnsToFillIn(String name, ModelConfig config) throws Exception {
        var random = new Random(3);
        var ids = new int[config.context() * 300];
        for (int i = 0; i < ids.length; i++) {
            ids[i] = i % config.context() == 0 ? 4 + random.nextInt(8) : ids[i - 1];
        }
        var windows = new MaskedWindows(
                TokenStream.of(ids), config.context(), Masking.ofTokens(3, 0.2, 4, config.vocabularySize()), null, 5);
        Learning.assertLearns(config, new MaskedObjective(windows, null, 1), 150, 5e-3, folder);
    }

    private static CopyTask task(Kind kind, ModelConfig config) {
        return new CopyTask(kind, config.context(), config.vocabularySize());
    }
}
