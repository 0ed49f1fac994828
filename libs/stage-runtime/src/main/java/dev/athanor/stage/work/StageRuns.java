package dev.athanor.stage.work;

import dev.athanor.artifacts.ArtifactStore;
import dev.athanor.contracts.error.AthanorException;
import dev.athanor.contracts.error.Checks;
import dev.athanor.contracts.json.Json;
import dev.athanor.contracts.message.StageCommand;
import dev.athanor.contracts.message.StageRun;
import dev.athanor.stage.persistence.InboxRows;
import dev.athanor.stage.persistence.StageRunRow;
import dev.athanor.stage.persistence.StageRunRows;
import dev.athanor.stage.run.RunEvent;
import dev.athanor.stage.run.StageMachine;
import dev.athanor.stage.run.Transition;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import org.springframework.transaction.annotation.Propagation;
import org.springframework.transaction.annotation.Transactional;

/** Applies the gateway's commands to stage runs. */
public class StageRuns {

    private final StageRunRows runs;
    private final InboxRows clock;
    private final Transitions transitions;
    private final StageMachine machine;
    private final StageCatalog catalog;
    private final ArtifactStore store;

    public StageRuns(
            StageRunRows runs,
            InboxRows clock,
            Transitions transitions,
            StageMachine machine,
            StageCatalog catalog,
            ArtifactStore store) {
        this.runs = runs;
        this.clock = clock;
        this.transitions = transitions;
        this.machine = machine;
        this.catalog = catalog;
        this.store = store;
    }

    /** @throws AthanorException when the command can never be carried out by this service */
    public void check(StageCommand command) {
        Checks.present("run", command.run());
        catalog.calls(command.run().type());
        // The run's key names its scratch folder.
        var unused = store.scratch(command.run().key());
        if (command instanceof StageCommand.Start start) {
            Checks.present("spec", start.spec());
            Checks.present("inputs", start.inputs());
            try {
                var unusedSpec = start.run().type().readSpec(start.spec());
            } catch (AthanorException e) {
                throw e.under("spec");
            }
            for (String role : new TreeMap<>(start.run().type().inputs()).keySet()) {
                Checks.present("inputs." + role, start.inputs().get(role));
            }
        }
    }

    @Transactional(propagation = Propagation.MANDATORY)
    public void apply(StageCommand command) {
        Instant now = clock.now();
        StageRun run = command.run();
        Optional<StageRunRow> known = runs.lock(run.key());
        RunEvent.OfRun event = switch (command) {
            case StageCommand.Start c -> new RunEvent.Start(c.run());
            case StageCommand.Cancel c -> new RunEvent.Cancel(c.run());
            case StageCommand.Pause c -> new RunEvent.Pause();
            case StageCommand.Resume c -> new RunEvent.Resume();
        };
        Transition transition = machine.on(known.map(StageRunRow::state).orElse(null), event);
        if (transition.accepted()) {
            StageRunRow row = known.orElseGet(() -> create(command, transition, now));
            transitions.carryOut(row, transition, now);
        }
    }

    private StageRunRow create(StageCommand command, Transition transition, Instant now) {
        StageCommand.Start start = command instanceof StageCommand.Start s ? s : unstarted(command.run());
        return runs.save(new StageRunRow(start, Objects.requireNonNull(transition.run()), now));
    }

    /** What is remembered of a run that was cancelled before it was heard of. */
    private static StageCommand.Start unstarted(StageRun run) {
        return new StageCommand.Start(run, Json.MAPPER.createObjectNode(), new TreeMap<>(), 0);
    }
}
