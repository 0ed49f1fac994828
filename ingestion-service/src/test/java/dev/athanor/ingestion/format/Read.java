package dev.athanor.ingestion.format;

import dev.athanor.ingestion.content.Budget;
import dev.athanor.ingestion.content.Content;
import dev.athanor.ingestion.content.DeadLetterReason;
import dev.athanor.ingestion.content.Extracted;
import dev.athanor.ingestion.content.Limits;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;

/** Reads bytes as a file of a name and keeps what comes out. */
public final class Read implements ContentReader.Sink {

    public final List<Extracted> documents = new ArrayList<>();
    public final List<String> formats = new ArrayList<>();
    public final List<String> deadLetters = new ArrayList<>();
    public final List<DeadLetterReason> reasons = new ArrayList<>();

    public static Read file(String name, byte[] bytes) {
        return file(name, bytes, Limits.DEFAULTS);
    }

    public static Read file(String name, String text) {
        return file(name, text.getBytes(StandardCharsets.UTF_8));
    }

    public static Read file(String name, byte[] bytes, Limits limits) {
        var read = new Read();
        new ContentReader(read)
                .read(Content.of(
                        name,
                        name.substring(name.lastIndexOf('/') + 1),
                        null,
                        null,
                        null,
                        new TreeMap<>(),
                        new Budget(limits, System::nanoTime),
                        Path.of(System.getProperty("java.io.tmpdir")),
                        new ByteArrayInputStream(bytes)));
        return read;
    }

    @Override
    public void document(Extracted document, String format) {
        documents.add(document);
        formats.add(format);
    }

    @Override
    public void deadLetter(String uri, DeadLetterReason reason, String detail) {
        deadLetters.add(uri + " " + reason.slug() + " " + detail);
        reasons.add(reason);
    }

    public List<String> texts() {
        return documents.stream().map(Extracted::text).toList();
    }
}
