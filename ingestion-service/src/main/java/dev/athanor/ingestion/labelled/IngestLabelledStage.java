package dev.athanor.ingestion.labelled;

import dev.athanor.artifacts.shards.LabelledShardWriter;
import dev.athanor.contracts.artifact.ArtifactFile;
import dev.athanor.contracts.document.LabelledExample;
import dev.athanor.contracts.document.Split;
import dev.athanor.contracts.error.AthanorException;
import dev.athanor.contracts.error.ErrorCode;
import dev.athanor.contracts.job.StageType;
import dev.athanor.contracts.json.Json;
import dev.athanor.contracts.spec.IngestLabelledSpec;
import dev.athanor.ingestion.content.Budget;
import dev.athanor.ingestion.content.Limits;
import dev.athanor.ingestion.table.BadRowException;
import dev.athanor.ingestion.table.Row;
import dev.athanor.ingestion.table.Rows;
import dev.athanor.stage.api.Stage;
import dev.athanor.stage.api.StageContext;
import dev.athanor.stage.api.StageOutput;
import dev.athanor.stage.api.TaskContext;
import dev.athanor.stage.api.TaskOutput;
import dev.athanor.stage.api.TaskPlan;
import dev.athanor.stage.data.DataRoots;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * {@code ingestion.labelled}: one task, because a text that is in several splits stays only in the one that is measured
 * on: test before validation before train.
 */
public final class IngestLabelledStage implements Stage<IngestLabelledSpec> {

    private static final int SCHEMA_VERSION = 1;
    private static final int SAMPLE_ROWS = 200;

    private final DataRoots roots;

    public IngestLabelledStage(DataRoots roots) {
        this.roots = roots;
    }

    @Override
    public StageType type() {
        return StageType.INGEST_LABELLED;
    }

    @Override
    public List<TaskPlan> plan(StageContext<IngestLabelledSpec> context) throws IOException {
        if (context.round() > 0) {
            return List.of();
        }
        files(context.spec());
        return List.of(new TaskPlan("read", Json.tree(Map.of())));
    }

    private List<SetFile> files(IngestLabelledSpec spec) throws IOException {
        SetPath path = SetPath.of(spec.path(), roots);
        return SetFiles.find(path.folder(), path.prefix());
    }

    @Override
    public TaskOutput execute(TaskContext<IngestLabelledSpec> context) throws IOException, InterruptedException {
        IngestLabelledSpec spec = context.spec();
        SetPath path = SetPath.of(spec.path(), roots);
        List<SetFile> files = SetFiles.find(path.folder(), path.prefix());
        var labels = Labels.of(spec, SetFiles.mapping(path.folder()));
        var splitting = Splitting.of(files.stream().map(SetFile::split).toList());
        var counts = new TreeMap<String, Long>();
        var examples = new Examples(splitting, counts);
        // What is measured on comes first, so that a text in several splits is taken from train.
        for (Split split : List.of(Split.TEST, Split.VALIDATION, Split.TRAIN)) {
            for (SetFile file : files) {
                if (file.split() == split) {
                    context.checkStop();
                    read(file, spec, labels, examples, counts);
                    context.progress(
                            examples.size(),
                            0,
                            "examples",
                            file.path().getFileName().toString());
                }
            }
        }
        splitting.madeByHash().forEach(made -> counts.put("split.by-hash." + made.slug(), examples.size(made)));
        return new TaskOutput(write(examples, context), counts, Json.tree(Map.of()));
    }

    private void read(
            SetFile file, IngestLabelledSpec spec, Labels labels, Examples examples, SortedMap<String, Long> counts)
            throws IOException {
        String name = file.path().getFileName().toString();
        List<Row> sample = new ArrayList<>();
        Columns columns = null;
        try (Rows rows = SetRows.open(file, spec, new Budget(Limits.DEFAULTS, System::nanoTime))) {
            while (true) {
                Row row;
                try {
                    row = rows.next();
                } catch (BadRowException e) {
                    count(counts, "examples.dead-letter.corrupt");
                    continue;
                }
                if (columns == null && row != null) {
                    sample.add(row);
                }
                if (columns == null && (row == null || sample.size() == SAMPLE_ROWS)) {
                    columns = Columns.of(sample, spec, name);
                    for (Row early : sample) {
                        add(early, columns, file, labels, examples, counts);
                    }
                } else if (columns != null && row != null) {
                    add(row, columns, file, labels, examples, counts);
                }
                if (row == null) {
                    return;
                }
            }
        }
    }

    private static void add(
            Row row, Columns columns, SetFile file, Labels labels, Examples examples, SortedMap<String, Long> counts) {
        String text = row.cells().get(columns.text());
        String raw = row.cells().get(columns.label());
        if (text == null || text.isBlank()) {
            count(counts, "examples.dead-letter.no-text");
        } else if (raw == null || raw.isBlank()) {
            count(counts, "examples.dead-letter.no-label");
        } else {
            String label = labels.of(raw.strip());
            if (label == null) {
                count(counts, "examples.dead-letter.unmapped-label");
                count(
                        counts,
                        "examples.unmapped."
                                + raw.strip()
                                        .substring(0, Math.min(40, raw.strip().length())));
            } else {
                examples.add(file.split(), text, label);
            }
        }
    }

    private static List<ArtifactFile> write(Examples examples, TaskContext<IngestLabelledSpec> context)
            throws IOException {
        List<ArtifactFile> files = new ArrayList<>();
        for (Split split : Split.values()) {
            Path shard = context.workFolder().resolve(split.slug() + ".jsonl.zst");
            try (var writer = new LabelledShardWriter(shard)) {
                for (LabelledExample example : examples.of(split)) {
                    writer.write(example);
                }
            }
            files.add(new ArtifactFile(
                    split.slug() + "/00000.jsonl.zst", context.store().put(shard)));
        }
        return files;
    }

    @Override
    public StageOutput merge(StageContext<IngestLabelledSpec> context) {
        TaskOutput only = context.outputs().getFirst();
        if (only.counts().getOrDefault("examples", 0L) == 0) {
            throw new AthanorException(
                    ErrorCode.INVALID_SPEC, "path: expected at least one labelled text, got only " + only.counts());
        }
        return new StageOutput(SCHEMA_VERSION, only.files(), only.counts(), List.of());
    }

    static void count(SortedMap<String, Long> counts, String name) {
        counts.merge(name, 1L, Long::sum);
    }
}
