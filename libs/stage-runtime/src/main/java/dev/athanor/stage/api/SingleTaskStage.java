package dev.athanor.stage.api;

import dev.athanor.contracts.error.AthanorException;
import dev.athanor.contracts.job.StageType;
import dev.athanor.contracts.json.Json;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A stage that is one task, whose files and counts are the artifact's.
 *
 * @param <S> specification record
 */
public abstract class SingleTaskStage<S extends Record> implements Stage<S> {

    private final StageType type;
    private final @Nullable String source;

    /** @param source role of the input whose licences the artifact has; null = none */
    protected SingleTaskStage(StageType type, @Nullable String source) {
        this.type = type;
        this.source = source;
    }

    @Override
    public final StageType type() {
        return type;
    }

    @Override
    public final List<TaskPlan> plan(StageContext<S> context) throws IOException, InterruptedException {
        if (context.round() == 0) {
            check(context);
        }
        String operation = type.id().substring(type.id().indexOf('.') + 1);
        return context.round() == 0 ? List.of(new TaskPlan(operation, Json.tree(Map.of()))) : List.of();
    }

    @Override
    public final StageOutput merge(StageContext<S> context) {
        TaskOutput only = context.outputs().getFirst();
        return new StageOutput(
                1,
                only.files(),
                only.counts(),
                source == null ? List.of() : context.input(source).licences());
    }

    /**
     * Looks at the inputs before the task is planned.
     *
     * @throws AthanorException if they do not go together
     */
    protected void check(StageContext<S> context) throws IOException, InterruptedException {}
}
