package dev.athanor.ingestion.documents;

import dev.athanor.contracts.document.Document;
import dev.athanor.contracts.spec.SourceSpec;
import dev.athanor.ingestion.content.Budget;
import dev.athanor.ingestion.content.Content;
import dev.athanor.ingestion.content.DeadLetterReason;
import dev.athanor.ingestion.content.Extracted;
import dev.athanor.ingestion.content.Facts;
import dev.athanor.ingestion.content.Limits;
import dev.athanor.ingestion.content.Output;
import dev.athanor.ingestion.format.ContentReader;
import dev.athanor.ingestion.http.Fetched;
import dev.athanor.ingestion.http.HostGate;
import dev.athanor.ingestion.ledger.Validator;
import dev.athanor.ingestion.source.Item;
import dev.athanor.ingestion.source.Reading;
import dev.athanor.stage.api.TaskContext;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** Connects a connector to the formats and to the corpus: adds the provenance, and stops when the task is to stop. */
final class TaskReading implements Reading {

    /** Counter of items that the server said are as they were in an earlier corpus. */
    static final String UNCHANGED = "items.unchanged";

    private static final int NOT_MODIFIED = 304;

    private final SourceSpec source;
    private final @Nullable String textColumn;
    private final Limits limits;
    private final Corpus corpus;
    private final dev.athanor.ingestion.ledger.Known earlier;
    private final TaskContext<?> task;
    private final LongSupplier nanoTime;
    private final Fetches fetches;
    private final HostGate gate;
    private final LinkedHashMap<String, Item> found = new LinkedHashMap<>();

    TaskReading(
            SourceSpec source,
            @Nullable String textColumn,
            Limits limits,
            Corpus corpus,
            dev.athanor.ingestion.ledger.Known earlier,
            TaskContext<?> task,
            LongSupplier nanoTime,
            Fetches fetches,
            HostGate gate) {
        this.source = source;
        this.textColumn = textColumn;
        this.limits = limits;
        this.corpus = corpus;
        this.earlier = earlier;
        this.task = task;
        this.nanoTime = nanoTime;
        this.fetches = fetches;
        this.gate = gate;
    }

    @Override
    public Fetched fetch(String url, Map<String, String> headers) throws IOException, InterruptedException {
        return fetches.get(url, headers);
    }

    @Override
    public void refetch(String url, FetchedFile reader) throws IOException, InterruptedException {
        Validator validator = earlier.validator(url);
        Fetched fetched = fetches.get(url, validator == null ? Map.of() : validator.conditions());
        if (fetched.status() == NOT_MODIFIED) {
            corpus.count(UNCHANGED);
            return;
        }
        long before = corpus.good();
        reader.read(fetched);
        String etag = fetched.header("etag");
        String lastModified = fetched.header("last-modified");
        // What gave nothing is asked for anew the next time: rules and readers may be better then.
        if (corpus.good() > before && (etag != null || lastModified != null)) {
            corpus.validator(new Validator(source.name(), url, etag, lastModified));
        }
    }

    @Override
    public void await(String host, Duration interval) throws InterruptedException {
        gate.await(host, interval);
    }

    @Override
    public void file(Known known, Path file) throws IOException, InterruptedException {
        var reader = new ContentReader(new ContentReader.Sink() {
            @Override
            public void document(Extracted document, String format) {
                output(() -> {
                    checkStop();
                    corpus.add(placed(document, known.licence()), format);
                });
            }

            @Override
            public void deadLetter(String uri, DeadLetterReason reason, String detail) {
                output(() -> corpus.deadLetter(source.name(), uri, reason, detail));
            }
        });
        try (InputStream in = Files.newInputStream(file)) {
            reader.read(Content.of(
                    known.uri(),
                    known.name(),
                    known.mediaType(),
                    known.charset(),
                    textColumn,
                    known.facts(),
                    new Budget(limits, nanoTime),
                    task.workFolder(),
                    in));
        } catch (Output.Failure e) {
            switch (e.failure()) {
                case IOException io -> throw new OutputException(io);
                case InterruptedException stopped -> throw stopped;
                case RuntimeException bug -> throw bug;
                default -> throw e;
            }
        }
    }

    @Override
    public void document(Extracted document) {
        output(() -> {
            if (document.text().isBlank()) {
                corpus.deadLetter(source.name(), document.uri(), DeadLetterReason.NO_TEXT, "no text");
            } else {
                corpus.add(placed(document, null), "record");
            }
        });
    }

    @Override
    public void deadLetter(String uri, DeadLetterReason reason, String detail) {
        output(() -> corpus.deadLetter(source.name(), uri, reason, detail));
    }

    @Override
    public void found(Item item) {
        found.putIfAbsent(item.uri(), item);
    }

    @Override
    public Path workFolder() {
        return task.workFolder();
    }

    @Override
    public void checkStop() throws InterruptedException {
        task.checkStop();
    }

    List<Item> found() {
        return List.copyOf(found.values());
    }

    /** The corpus cannot be written to; no fault of the item that was being read. */
    static final class OutputException extends RuntimeException {
        OutputException(IOException cause) {
            super(cause);
        }
    }

    private Document placed(Extracted document, @Nullable String itemLicence) {
        String declared = itemLicence != null ? itemLicence : source.licence();
        String licence = declared != null ? declared : document.licence();
        var metadata = new TreeMap<>(document.metadata());
        String fetchedAt = metadata.remove(Facts.FETCHED_AT);
        if (document.licence() != null && !document.licence().equals(licence)) {
            metadata.put(Policy.LICENCE_DETECTED, document.licence());
        }
        return new Document(
                Document.idOf(source.name(), document.uri(), document.text()),
                document.text(),
                document.mediaType(),
                source.name(),
                document.uri(),
                licence,
                document.language(),
                fetchedAt,
                metadata);
    }

    private interface Writing {
        void run() throws IOException, InterruptedException;
    }

    private static void output(Writing writing) {
        try {
            writing.run();
        } catch (IOException | InterruptedException | RuntimeException e) {
            throw new Output.Failure(e);
        }
    }
}
