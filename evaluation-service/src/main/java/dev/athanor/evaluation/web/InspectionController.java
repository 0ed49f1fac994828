package dev.athanor.evaluation.web;

import dev.athanor.contracts.spec.InspectionRequest;
import dev.athanor.evaluation.inspection.InspectionDesk;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RestController;

/** A look into a model while the caller waits. */
@RestController
class InspectionController {

    private final InspectionDesk desk;

    InspectionController(InspectionDesk desk) {
        this.desk = desk;
    }

    @PostMapping("/v1/inspections")
    Object inspect(@RequestBody InspectionRequest request) {
        return desk.inspect(request.artifact(), request.inspection());
    }
}
