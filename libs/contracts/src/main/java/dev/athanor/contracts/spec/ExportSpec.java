package dev.athanor.contracts.spec;

import dev.athanor.contracts.error.Checks;
import java.util.List;

/**
 * {@code trainer.export} and {@code finetune.export}: a model in a format of other runtimes. (Models and classifiers as they are
 * lie in the layout of Hugging Face already.)
 *
 * @param format {@code onnx}
 * @param cache whether a decoder takes and gives the keys and values of earlier positions, as generation wants it; encoders and
 *     classifiers have none
 */
public record ExportSpec(String format, boolean cache) {

    public static final ExportSpec DEFAULTS = new ExportSpec("onnx", true);

    public ExportSpec {
        Checks.oneOf("format", format, List.of("onnx"));
    }
}
