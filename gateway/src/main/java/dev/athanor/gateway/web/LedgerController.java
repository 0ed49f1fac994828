package dev.athanor.gateway.web;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.athanor.contracts.error.AthanorException;
import dev.athanor.contracts.job.StageSpec;
import dev.athanor.contracts.job.StageType;
import dev.athanor.gateway.job.JobState;
import dev.athanor.gateway.job.StageState;
import dev.athanor.gateway.service.JobService;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** Which samples a training run has used, and who trains it. */
@RestController
@Tag(name = "Jobs")
class LedgerController {

    private final JobService jobs;
    private final ServiceClient trainer;

    LedgerController(JobService jobs, ServiceClient trainerClient) {
        this.jobs = jobs;
        this.trainer = trainerClient;
    }

    /**
     * @param firstIndex place in the epoch
     * @param firstSample counted over all epochs
     * @param step of the checkpoint that holds them; absent where none does
     * @param status COMMITTED, SKIPPED, OPEN or VOID
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record RangeView(
            long generation,
            long epoch,
            long firstIndex,
            long lastIndex,
            long firstSample,
            long lastSample,
            @Nullable Long step,
            String status) {}

    /**
     * @param rank in the group; absent while the worker waits for one
     * @param silentSeconds since it was last heard of
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record WorkerView(int slot, @Nullable Integer rank, String host, double silentSeconds) {}

    /** @param generation number of the group; 0 before the first */
    record GroupView(long generation, List<WorkerView> workers) {}

    record ServiceAnswer(
            long samples, boolean exactlyOnce, List<String> faults, List<RangeView> ranges, GroupView group) {}

    /**
     * @param samples in the weights of the last checkpoint
     * @param exactlyOnce whether the ranges that count follow each other without gap or overlap
     */
    record LedgerView(
            String stage,
            int attempt,
            long samples,
            boolean exactlyOnce,
            List<String> faults,
            GroupView group,
            List<RangeView> ranges) {}

    @Operation(summary = "Which samples a training stage has used, and the workers that train it")
    @GetMapping(path = "/v1/jobs/{id}/ledger", produces = "application/json")
    LedgerView ledger(@PathVariable String id, @RequestParam(required = false) @Nullable String stage) {
        JobState job = jobs.get(id);
        List<String> training = job.spec().stages().stream()
                .filter(s -> s.type() == StageType.PRETRAIN)
                .map(StageSpec::id)
                .toList();
        if (training.isEmpty()) {
            throw AthanorException.notFound("training stage of job", id);
        }
        Page.requireParameter(
                stage == null ? training.size() == 1 : training.contains(stage), "stage", stage, "one of " + training);
        StageState state = Objects.requireNonNull(job.stage(stage == null ? training.getFirst() : stage));
        ServiceAnswer answer = trainer.get(
                "/v1/jobs/" + job.id() + "/stages/" + state.id() + "/ledger?attempt=" + state.attempt(),
                ServiceAnswer.class);
        return new LedgerView(
                state.id(),
                state.attempt(),
                answer.samples(),
                answer.exactlyOnce(),
                answer.faults(),
                answer.group(),
                answer.ranges());
    }
}
