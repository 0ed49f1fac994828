package dev.athanor.ingestion.web;

import dev.athanor.artifacts.ledger.Takedown;
import java.io.IOException;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** {@code GET /v1/takedown}: where a document went. */
@RestController
class TakedownController {

    private final Takedown takedown;

    TakedownController(Takedown takedown) {
        this.takedown = takedown;
    }

    @GetMapping("/v1/takedown")
    Takedown.Report find(
            @RequestParam(required = false) @Nullable String url,
            @RequestParam(required = false) @Nullable String id,
            @RequestParam(required = false) @Nullable String textSha256,
            @RequestParam(required = false) @Nullable String passage)
            throws IOException {
        return takedown.find(new Takedown.Query(url, id, textSha256, passage));
    }
}
