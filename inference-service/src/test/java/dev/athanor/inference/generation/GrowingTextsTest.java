package dev.athanor.inference.generation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.athanor.inference.generation.GrowingTexts.Part;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import org.junit.jupiter.api.Test;

class GrowingTextsTest {

    /** The thread that generates never waits: what piles up becomes one part. */
    @Test
    void whoReadsSlowlyGetsLongerParts() throws Exception {
        var texts = new GrowingTexts();
        for (int i = 0; i < 10_000; i++) {
            texts.text(i % 2, "ab");
        }
        texts.ended(1, true);
        assertThat(texts.take(0))
                .containsExactly(new Part(0, "ab".repeat(5000), null), new Part(1, "ab".repeat(5000), true));
        assertThat(texts.take(1)).isEmpty();
        texts.text(0, "c");
        texts.ended(0, false);
        texts.finish();
        assertThat(texts.take(1000)).containsExactly(new Part(0, "c", false));
        assertThat(texts.take(1000)).isNull();
    }

    @Test
    void whatCameBeforeAFailureIsReadBeforeIt() throws Exception {
        var texts = new GrowingTexts();
        texts.begin();
        texts.text(0, "a");
        texts.fail(new IllegalStateException("broken"));
        texts.awaitBegin();
        assertThat(texts.take(1000)).containsExactly(new Part(0, "a", null));
        assertThatThrownBy(() -> texts.take(1000)).hasMessage("broken");
        var refused = new GrowingTexts();
        refused.fail(new IllegalStateException("refused"));
        assertThatThrownBy(refused::awaitBegin).hasMessage("refused");
    }

    @Test
    void nothingIsLostBetweenTwoThreads() throws Exception {
        var texts = new GrowingTexts();
        Thread generating = Thread.ofVirtual().start(() -> {
            texts.begin();
            for (int i = 0; i < 20_000; i++) {
                texts.goOn();
                texts.text(0, i + ",");
            }
            texts.ended(0, true);
            texts.finish();
        });
        var expected = new StringBuilder();
        for (int i = 0; i < 20_000; i++) {
            expected.append(i).append(',');
        }
        texts.awaitBegin();
        var read = new StringBuilder();
        List<Part> all = new ArrayList<>();
        for (List<Part> parts = texts.take(1000); parts != null; parts = texts.take(1000)) {
            parts.forEach(part -> read.append(part.text()));
            all.addAll(parts);
        }
        generating.join();
        assertThat(read.toString()).isEqualTo(expected.toString());
        assertThat(all.getLast().stopped()).isTrue();
    }

    @Test
    void theNextStepEndsWhereNobodyReads() {
        var texts = new GrowingTexts();
        texts.goOn();
        texts.cancel();
        assertThatThrownBy(texts::goOn).isInstanceOf(CancellationException.class);
    }
}
