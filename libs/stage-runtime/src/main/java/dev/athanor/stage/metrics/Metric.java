package dev.athanor.stage.metrics;

/** The metric vocabulary of all stages: Micrometer name (Prometheus adds unit and {@code _total}), meaning, labels. */
public enum Metric {
    DOCUMENTS("athanor.data.documents", "Documents that a stage handled", "stage", "outcome", "reason"),
    TASKS("athanor.stage.tasks", "Tasks by outcome: done, failed, lost, dead, stopped", "stage", "outcome"),
    TASK_SECONDS("athanor.stage.task", "Time of one task call", "stage", "phase"),
    RUNS("athanor.stage.runs", "Stage runs by how they ended", "stage", "outcome"),
    WORKERS_BUSY("athanor.stage.workers.busy", "Workers of this instance that are at a task"),
    WORKERS("athanor.stage.workers", "Workers of this instance"),
    DEAD_LETTERS("athanor.stage.dead.letters", "Messages and tasks put aside", "service", "reason"),
    OUTBOX_WAITING("athanor.outbox.waiting", "Messages that wait to be sent");

    private final String meterName;
    private final String description;
    private final String[] labels;

    Metric(String meterName, String description, String... labels) {
        this.meterName = meterName;
        this.description = description;
        this.labels = labels;
    }

    public String meterName() {
        return meterName;
    }

    public String description() {
        return description;
    }

    public String[] labels() {
        return labels.clone();
    }
}
