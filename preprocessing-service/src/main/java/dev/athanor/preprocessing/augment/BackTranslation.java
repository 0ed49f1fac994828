package dev.athanor.preprocessing.augment;

import dev.athanor.contracts.spec.AugmentSpec;
import java.io.IOException;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/** To another language and back (Sennrich et al. 2016). */
final class BackTranslation implements Augmenter {

    private final Translator translator;
    private final AugmentSpec.Translation spec;

    BackTranslation(Translator translator, AugmentSpec.Translation spec) {
        this.translator = translator;
        this.spec = spec;
    }

    @Override
    public String augment(String text, @Nullable String label, SplittableRandom random)
            throws IOException, InterruptedException {
        String there = translator.translate(text, spec.language(), spec.pivot(), random);
        return translator.translate(there, spec.pivot(), spec.language(), random);
    }
}
