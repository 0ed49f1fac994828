package dev.athanor.gateway.job;

import dev.athanor.contracts.job.JobStatus;
import dev.athanor.contracts.job.StageSpec;
import dev.athanor.contracts.message.StageCommand;
import dev.athanor.contracts.message.StageEvent;
import dev.athanor.contracts.message.StageRun;
import dev.athanor.gateway.job.JobState.Intent;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;

/**
 * (state, event) → (state, commands). No clock, no randomness, no input or output: the same events give the same state,
 * so the stored events rebuild it.
 *
 * <p>Events may come twice, late, in another order, or after a new attempt began: those that no longer fit are ignored.
 * The first end that a service tells of an attempt is the one that counts.
 */
public final class JobMachine {

    /**
     * @param commands for the services, in order
     * @param changed false where the event was ignored: it need not be stored
     */
    public record Step(JobState state, List<StageCommand> commands, boolean changed) {}

    private JobMachine() {}

    public static Step submit(JobEvent.Submitted event) {
        List<StageState> stages = event.spec().stages().stream()
                .map(s -> StageState.pending(s.id(), 1))
                .toList();
        var commands = new ArrayList<StageCommand>();
        JobState state =
                startReady(new JobState(event.jobId(), event.spec(), Intent.RUN, stages, event.at(), null), commands);
        return new Step(state, commands, true);
    }

    public static Step apply(JobState state, JobEvent event) {
        var commands = new ArrayList<StageCommand>();
        JobState next = switch (event) {
            case JobEvent.Submitted s -> state;
            case JobEvent.Requested r ->
                objection(state, r.request()).isPresent() ? state : request(state, r, commands);
            case JobEvent.Reported r -> startReady(report(state, r), commands);
        };
        JobState timed = next.finishedAt(!next.status().terminal() ? null : orElse(next.finishedAt(), event.at()));
        return new Step(timed, commands, !timed.equals(state));
    }

    /** @param events as stored: the submission, then each that changed something */
    public static JobState replay(List<JobEvent> events) {
        JobState state = submit((JobEvent.Submitted) events.getFirst()).state();
        for (JobEvent event : events.subList(1, events.size())) {
            state = apply(state, event).state();
        }
        return state;
    }

    /** Why the request does not fit the state of the job; empty where it fits (or has already been made). */
    public static Optional<String> objection(JobState state, JobRequest request) {
        JobStatus status = state.status();
        boolean fits = switch (request) {
            case CANCEL -> !status.terminal() || status == JobStatus.CANCELLED;
            case PAUSE, RESUME -> !status.terminal() && state.intent() != Intent.CANCEL;
            case RETRY -> status == JobStatus.FAILED || status == JobStatus.CANCELLED;
        };
        if (fits) {
            return Optional.empty();
        }
        String is = state.intent() == Intent.CANCEL && !status.terminal() ? "being cancelled" : status.slug();
        return Optional.of("cannot %s job '%s': it is %s; expected %s"
                .formatted(
                        request.slug(),
                        state.id(),
                        is,
                        switch (request) {
                            case CANCEL -> "a job that has not ended";
                            case PAUSE, RESUME -> "a job that has not ended and is not being cancelled";
                            case RETRY -> "a failed or cancelled job";
                        }));
    }

    /**
     * All commands that say what the services should be doing now, for when commands or events were lost. Services
     * answer a start of a run that they know with how it stands.
     */
    public static List<StageCommand> resync(JobState state) {
        var commands = new ArrayList<StageCommand>();
        for (StageSpec spec : state.spec().stages()) {
            StageState stage = stageOf(state, spec);
            if (stage.active()) {
                commands.add(start(state, spec, stage.attempt()));
                StageRun run = run(state, spec, stage.attempt());
                commands.add(
                        switch (state.intent()) {
                            case RUN -> new StageCommand.Resume(run);
                            case PAUSE -> new StageCommand.Pause(run);
                            case CANCEL -> new StageCommand.Cancel(run);
                        });
            }
        }
        return commands;
    }

    private static JobState request(JobState state, JobEvent.Requested event, List<StageCommand> commands) {
        return switch (event.request()) {
            case CANCEL -> {
                if (state.intent() == Intent.CANCEL) {
                    yield state;
                }
                activeRuns(state).forEach(run -> commands.add(new StageCommand.Cancel(run)));
                yield state.with(Intent.CANCEL)
                        .mapStages(s -> s.status() == JobStatus.PENDING ? s.cancelled(event.at()) : s);
            }
            case PAUSE -> {
                if (state.intent() == Intent.PAUSE) {
                    yield state;
                }
                activeRuns(state).forEach(run -> commands.add(new StageCommand.Pause(run)));
                yield state.with(Intent.PAUSE);
            }
            case RESUME -> {
                if (state.intent() == Intent.RUN) {
                    yield state;
                }
                activeRuns(state).forEach(run -> commands.add(new StageCommand.Resume(run)));
                // Running at once, not when the service says so: a late Paused can then be told from a new one.
                yield startReady(
                        state.with(Intent.RUN)
                                .mapStages(s -> s.status() == JobStatus.PAUSED ? s.with(JobStatus.RUNNING) : s),
                        commands);
            }
            case RETRY ->
                startReady(
                        state.with(Intent.RUN)
                                .mapStages(s -> s.status() == JobStatus.FAILED || s.status() == JobStatus.CANCELLED
                                        ? StageState.pending(s.id(), s.attempt() + 1)
                                        : s),
                        commands);
        };
    }

    private static JobState report(JobState state, JobEvent.Reported reported) {
        StageRun run = reported.event().run();
        StageState stage = state.stage(run.stageId());
        if (stage == null
                || !stage.active()
                || stage.attempt() != run.attempt()
                || state.stageSpec(run.stageId()).type() != run.type()) {
            return state;
        }
        StageState next = report(state.intent(), stage, reported.event(), reported.at());
        return state.mapStages(s -> s == stage ? next : s);
    }

    private static StageState report(Intent intent, StageState stage, StageEvent event, Instant at) {
        return switch (event) {
            case StageEvent.Started e -> stage.started(at);
            case StageEvent.Progressed e ->
                stage.progressed(new StageState.Progress(
                        at, e.phase(), e.done(), e.total(), e.unit(), e.perSecond(), e.message()));
            case StageEvent.MetricsRecorded e -> stage;
            case StageEvent.TaskRetried e -> stage.troubled(1, 0);
            case StageEvent.DeadLettered e -> stage.troubled(0, 1);
            case StageEvent.Completed e -> stage.succeeded(at, e.artifact(), e.counts());
            case StageEvent.Failed e -> stage.failed(at, new StageState.Failure(e.code(), e.message()));
            case StageEvent.Cancelled e -> stage.cancelled(at);
            case StageEvent.Paused e -> intent == Intent.PAUSE ? stage.with(JobStatus.PAUSED) : stage;
            case StageEvent.Resumed e -> stage;
        };
    }

    private static JobState startReady(JobState state, List<StageCommand> commands) {
        if (state.intent() != Intent.RUN || state.halted()) {
            return state;
        }
        return state.mapStages(stage -> {
            StageSpec spec = state.stageSpec(stage.id());
            if (stage.status() != JobStatus.PENDING || state.inputsOf(spec) == null) {
                return stage;
            }
            commands.add(start(state, spec, stage.attempt()));
            return stage.with(JobStatus.RUNNING);
        });
    }

    private static StageCommand.Start start(JobState state, StageSpec spec, int attempt) {
        var inputs = state.inputsOf(spec);
        return new StageCommand.Start(
                run(state, spec, attempt),
                spec.spec(),
                inputs == null ? new TreeMap<>() : inputs,
                state.spec().seed());
    }

    private static List<StageRun> activeRuns(JobState state) {
        return state.spec().stages().stream()
                .filter(spec -> stageOf(state, spec).active())
                .map(spec -> run(state, spec, stageOf(state, spec).attempt()))
                .toList();
    }

    private static StageRun run(JobState state, StageSpec spec, int attempt) {
        return new StageRun(state.id(), spec.id(), spec.type(), attempt);
    }

    private static StageState stageOf(JobState state, StageSpec spec) {
        StageState stage = state.stage(spec.id());
        if (stage == null) {
            throw new IllegalStateException("job " + state.id() + " lost its stage " + spec.id());
        }
        return stage;
    }

    private static Instant orElse(@org.jspecify.annotations.Nullable Instant at, Instant otherwise) {
        return at == null ? otherwise : at;
    }
}
