package dev.athanor.gateway.web;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.athanor.contracts.error.Checks;
import dev.athanor.gateway.Ids;
import dev.athanor.gateway.key.Role;
import dev.athanor.gateway.persistence.ApiKeyRow;
import dev.athanor.gateway.service.ApiKeyService;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.net.URI;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.springframework.http.CacheControl;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** API keys; for administrators. */
@RestController
@RequestMapping(path = "/v1/api-keys", produces = "application/json")
@Tag(name = "API keys")
class ApiKeyController {

    private final ApiKeyService keys;

    ApiKeyController(ApiKeyService keys) {
        this.keys = keys;
    }

    record NewApiKey(String name, Role role) {
        NewApiKey {
            Checks.notBlank("name", name);
            Checks.that(name.length() <= 100, "name", name, "at most 100 characters");
            Checks.present("role", role);
        }
    }

    /** @param key the secret; only in the answer to its creation */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record ApiKeyView(
            String id,
            String name,
            Role role,
            String prefix,
            Instant createdAt,
            @Nullable Instant revokedAt,
            @Nullable String key) {
        static ApiKeyView of(ApiKeyRow row, @Nullable String key) {
            return new ApiKeyView(
                    row.getId(), row.name(), row.role(), row.prefix(), row.createdAt(), row.revokedAt(), key);
        }
    }

    @Operation(summary = "Create a key; the answer is the only time that it is shown")
    @PostMapping(consumes = {"application/json", "application/yaml", "application/x-yaml", "text/yaml"})
    ResponseEntity<ApiKeyView> create(@RequestBody NewApiKey request) {
        ApiKeyService.Created made = keys.create(request.name(), request.role());
        return ResponseEntity.created(URI.create("/v1/api-keys/" + made.key().getId()))
                .cacheControl(CacheControl.noStore())
                .body(ApiKeyView.of(made.key(), made.secret().value()));
    }

    @Operation(summary = "List keys, newest first, revoked ones included")
    @GetMapping
    Page<ApiKeyView> list(
            @RequestParam(defaultValue = Page.DEFAULT_LIMIT) int limit,
            @RequestParam(required = false) @Nullable String after) {
        Page.limit(limit, Page.MOST);
        Page.requireParameter(
                after == null || Ids.valid(ApiKeyService.PREFIX, after), "after", after, "the id of an API key");
        return Page.of(keys.list(after, limit), limit, row -> ApiKeyView.of(row, null), ApiKeyRow::getId);
    }

    @Operation(summary = "Revoke a key")
    @DeleteMapping("/{id}")
    ApiKeyView revoke(@PathVariable String id) {
        return ApiKeyView.of(keys.revoke(id), null);
    }
}
