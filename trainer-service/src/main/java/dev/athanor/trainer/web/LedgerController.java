package dev.athanor.trainer.web;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import dev.athanor.contracts.job.StageType;
import dev.athanor.contracts.message.StageRun;
import dev.athanor.trainer.group.GroupState;
import dev.athanor.trainer.group.LedgerReport;
import dev.athanor.trainer.persistence.PostgresGroups;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** Which samples a run has trained on, and who trains it. */
@RestController
class LedgerController {

    private final PostgresGroups groups;

    LedgerController(PostgresGroups groups) {
        this.groups = groups;
    }

    record Answer(@JsonUnwrapped LedgerReport ledger, GroupState group) {}

    @GetMapping("/v1/jobs/{job}/stages/{stage}/ledger")
    Answer ledger(@PathVariable String job, @PathVariable String stage, @RequestParam(defaultValue = "1") int attempt) {
        var run = new StageRun(job, stage, StageType.PRETRAIN, attempt);
        return new Answer(groups.report(run), groups.state(run));
    }
}
