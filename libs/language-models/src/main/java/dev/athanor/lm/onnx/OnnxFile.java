package dev.athanor.lm.onnx;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Writes {@code model.onnx}, and, where the constants are too large for one protobuf message (2 GiB), {@code model.onnx_data} with
 * the larger of them beside it. Equal graphs give equal bytes.
 */
final class OnnxFile {

    /** The oldest one with LayerNormalization. */
    private static final int OPSET = 17;

    private static final int IR_VERSION = 8;
    /** Constants below stay in the message: shapes and axes have to be known when a runtime checks the graph. */
    private static final long SMALL_BYTES = 1024;
    /** So that a runtime can map them into memory. */
    private static final long ALIGNMENT = 4096;

    private OnnxFile() {}

    /**
     * @param inlineBytes the most bytes of constants that are kept in the message
     * @return names of the files written
     */
    static List<String> write(Path folder, OnnxGraph graph, long inlineBytes) throws IOException {
        List<OnnxTensor> tensors = graph.tensors();
        long bytes = tensors.stream().mapToLong(t -> t.content().size()).sum();
        boolean external = bytes > inlineBytes;
        List<ProtoMessage> initializers = external
                ? writeData(folder.resolve(OnnxExport.DATA_FILE), tensors)
                : tensors.stream().map(OnnxTensor::inline).toList();
        try (OutputStream out = open(folder.resolve(OnnxExport.MODEL_FILE))) {
            model(graph.proto("athanor", initializers)).writeTo(out);
        }
        return external ? List.of(OnnxExport.MODEL_FILE, OnnxExport.DATA_FILE) : List.of(OnnxExport.MODEL_FILE);
    }

    private static ProtoMessage model(ProtoMessage graph) {
        return new ProtoMessage()
                .integer(1, IR_VERSION)
                .string(2, "athanor")
                .message(7, graph)
                .message(8, new ProtoMessage().string(1, "").integer(2, OPSET));
    }

    private static List<ProtoMessage> writeData(Path file, List<OnnxTensor> tensors) throws IOException {
        List<ProtoMessage> initializers = new ArrayList<>();
        long at = 0;
        try (OutputStream out = open(file)) {
            for (OnnxTensor tensor : tensors) {
                long size = tensor.content().size();
                if (size < SMALL_BYTES) {
                    initializers.add(tensor.inline());
                    continue;
                }
                long start = (at + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
                out.write(new byte[(int) (start - at)]);
                tensor.content().writeTo(out);
                initializers.add(tensor.external(file.getFileName().toString(), start));
                at = start + size;
            }
        }
        return initializers;
    }

    private static OutputStream open(Path file) throws IOException {
        return new BufferedOutputStream(Files.newOutputStream(file), 1 << 16);
    }
}
