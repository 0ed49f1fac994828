package dev.athanor.tokenizer.study;

import dev.athanor.artifacts.shards.DocumentShardWriter;
import dev.athanor.contracts.artifact.ArtifactFile;
import dev.athanor.contracts.document.Document;
import dev.athanor.contracts.json.Json;
import dev.athanor.contracts.spec.StudyTokenizerSpec;
import dev.athanor.stage.api.TaskContext;
import dev.athanor.stage.api.TaskOutput;
import dev.athanor.tokenizer.encoding.Holdout;
import dev.athanor.tokenizer.vocabulary.Recipes;
import dev.athanor.tokenizers.training.SpillingWordCounter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Cuts the documents of one shard into text to train on, of which each algorithm counts its words, and text to measure. */
final class StudyTexts implements AutoCloseable {

    static final String HELD_OUT = "held-out.jsonl.zst";

    private final TaskContext<StudyTokenizerSpec> context;
    private final Holdout holdout;
    private final Map<String, SpillingWordCounter> counters = new LinkedHashMap<>();
    private final Path heldOutFile;
    private final DocumentShardWriter heldOut;
    private long room;
    private long documents;
    private long heldOutBytes;

    StudyTexts(TaskContext<StudyTokenizerSpec> context) throws IOException {
        this.context = context;
        StudyTokenizerSpec spec = context.spec();
        var input = context.input("documents");
        holdout = Holdout.of(spec.heldOutFraction(), input.counts().getOrDefault("documents", 0L), context.seed());
        long memory = ((long) spec.memoryMiB() << 20) / spec.algorithms().size();
        for (String algorithm : spec.algorithms()) {
            var training = spec.training(algorithm, spec.vocabularySizes().getFirst());
            counters.put(
                    algorithm,
                    new SpillingWordCounter(Recipes.of(algorithm).counter(training), context.workFolder(), memory));
        }
        heldOutFile = context.workFolder().resolve(HELD_OUT);
        heldOut = new DocumentShardWriter(heldOutFile);
        room = ((long) spec.heldOutMiB() << 20)
                / Math.max(1, input.filesUnder("documents/").size());
    }

    static String words(String algorithm) {
        return "words/" + algorithm;
    }

    void add(Document document) throws IOException {
        documents++;
        String text = document.text();
        int cut = text.length() - holdout.heldOut(document.id(), text.length());
        if (cut > 0 && cut < text.length() && Character.isLowSurrogate(text.charAt(cut))) {
            cut--;
        }
        if (cut > 0) {
            for (SpillingWordCounter counter : counters.values()) {
                counter.count(text.substring(0, cut));
            }
        }
        String rest = text.substring(cut);
        int bytes = rest.getBytes(StandardCharsets.UTF_8).length;
        if (bytes > 0 && bytes <= room) {
            room -= bytes;
            heldOutBytes += bytes;
            heldOut.write(document.withText(rest, document.mediaType()));
        }
    }

    TaskOutput finish() throws IOException {
        List<ArtifactFile> files = new ArrayList<>();
        for (var entry : counters.entrySet()) {
            Path file = context.workFolder().resolve("words-" + entry.getKey());
            entry.getValue().finish(file);
            files.add(new ArtifactFile(words(entry.getKey()), context.store().put(file)));
        }
        heldOut.close();
        files.add(new ArtifactFile(HELD_OUT, context.store().put(heldOutFile)));
        var counts = new TreeMap<>(Map.of("documents", documents, "bytes.heldOut", heldOutBytes));
        return new TaskOutput(files, counts, Json.tree(Map.of()));
    }

    @Override
    public void close() throws IOException {
        heldOut.close();
    }
}
