package dev.athanor.stage.work;

import dev.athanor.contracts.error.Checks;
import dev.athanor.contracts.job.StageType;
import dev.athanor.stage.run.StageCalls;
import java.util.Collection;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;

/** The stages that this service does. */
public class StageCatalog {

    private final Map<StageType, StageCalls<?>> calls = new EnumMap<>(StageType.class);

    public StageCatalog(Collection<StageCalls<?>> stages) {
        for (StageCalls<?> stage : stages) {
            Checks.that(
                    calls.put(stage.type(), stage) == null,
                    "stage",
                    stage.type().id(),
                    "one bean a stage type");
        }
    }

    StageCalls<?> calls(StageType type) {
        Checks.oneOf(
                "run.type",
                type.id(),
                calls.keySet().stream().map(StageType::id).toList());
        return Objects.requireNonNull(calls.get(type));
    }
}
