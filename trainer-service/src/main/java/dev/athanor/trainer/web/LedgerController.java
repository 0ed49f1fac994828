package dev.athanor.trainer.web;

import dev.athanor.contracts.job.StageType;
import dev.athanor.contracts.message.StageRun;
import dev.athanor.trainer.group.LedgerReport;
import dev.athanor.trainer.persistence.PostgresGroups;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** Which samples a run has trained on. */
@RestController
class LedgerController {

    private final PostgresGroups groups;

    LedgerController(PostgresGroups groups) {
        this.groups = groups;
    }

    @GetMapping("/v1/jobs/{job}/stages/{stage}/ledger")
    LedgerReport ledger(
            @PathVariable String job, @PathVariable String stage, @RequestParam(defaultValue = "1") int attempt) {
        return groups.report(new StageRun(job, stage, StageType.PRETRAIN, attempt));
    }
}
