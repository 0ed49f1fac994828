package dev.athanor.contracts.document;

import dev.athanor.contracts.error.Checks;

/**
 * One labelled text.
 *
 * @param id stable within the data set
 * @param label class name, e.g. {@code positive}
 * @param split train, validation or test
 */
public record LabelledExample(String id, String text, String label, Split split) {

    public LabelledExample {
        Checks.notBlank("id", id);
        Checks.present("text", text);
        Checks.notBlank("label", label);
        Checks.present("split", split);
    }
}
