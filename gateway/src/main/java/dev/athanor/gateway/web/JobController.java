package dev.athanor.gateway.web;

import dev.athanor.contracts.job.JobSpec;
import dev.athanor.contracts.job.JobStatus;
import dev.athanor.contracts.message.MetricPoint;
import dev.athanor.gateway.Ids;
import dev.athanor.gateway.job.JobRequest;
import dev.athanor.gateway.job.JobState;
import dev.athanor.gateway.metric.Downsampling;
import dev.athanor.gateway.service.JobService;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.net.URI;
import java.security.Principal;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** Jobs: submit, list, look at, and steer. */
@RestController
@RequestMapping(path = "/v1/jobs", produces = "application/json")
@Tag(name = "Jobs")
class JobController {

    private static final Pattern IDEMPOTENCY_KEY = Pattern.compile("[\\x21-\\x7e]{1,200}");
    private static final int MOST_POINTS = 10_000;

    private final JobService jobs;

    JobController(JobService jobs) {
        this.jobs = jobs;
    }

    /** A metric series of a stage; points are {@code [step, value]}. */
    record SeriesView(String stage, String name, int recorded, List<List<Number>> points) {}

    record SeriesList(List<SeriesView> data) {}

    /** What a stage of the job made. */
    record MadeView(String stage, String type, String kind, String artifact) {}

    record MadeList(List<MadeView> data) {}

    @Operation(summary = "Submit a job (JSON or YAML)")
    @PostMapping(consumes = {"application/json", "application/yaml", "application/x-yaml", "text/yaml"})
    ResponseEntity<JobView> submit(
            @RequestBody JobSpec spec,
            @RequestHeader(name = "Idempotency-Key", required = false) @Nullable String idempotencyKey,
            Principal caller) {
        Page.requireParameter(
                idempotencyKey == null
                        || IDEMPOTENCY_KEY.matcher(idempotencyKey).matches(),
                "Idempotency-Key",
                idempotencyKey,
                "1 to 200 visible ASCII characters");
        JobService.Submission made = jobs.submit(spec, caller.getName(), idempotencyKey);
        URI location = URI.create("/v1/jobs/" + made.job().id());
        return made.created()
                ? ResponseEntity.created(location).body(JobView.withSpec(made.job()))
                : ResponseEntity.ok()
                        .location(location)
                        .header("Idempotency-Replayed", "true")
                        .body(JobView.withSpec(made.job()));
    }

    @Operation(summary = "List jobs, newest first")
    @GetMapping
    Page<JobView> list(
            @RequestParam(defaultValue = Page.DEFAULT_LIMIT) int limit,
            @RequestParam(required = false) @Nullable String after,
            @RequestParam(required = false) @Nullable String status) {
        Page.limit(limit, Page.MOST);
        Page.requireParameter(after == null || Ids.valid(JobService.PREFIX, after), "after", after, "the id of a job");
        return Page.of(jobs.list(status(status), after, limit), limit, JobView::of, JobState::id);
    }

    @Operation(summary = "One job with its specification")
    @GetMapping("/{id}")
    JobView get(@PathVariable String id) {
        return JobView.withSpec(jobs.get(id));
    }

    @Operation(summary = "Cancel: stops running stages for good")
    @PostMapping("/{id}/cancel")
    JobView cancel(@PathVariable String id) {
        return JobView.of(jobs.request(id, JobRequest.CANCEL));
    }

    @Operation(summary = "Pause: stops running tasks and starts no more")
    @PostMapping("/{id}/pause")
    JobView pause(@PathVariable String id) {
        return JobView.of(jobs.request(id, JobRequest.PAUSE));
    }

    @Operation(summary = "Resume a paused job")
    @PostMapping("/{id}/resume")
    JobView resume(@PathVariable String id) {
        return JobView.of(jobs.request(id, JobRequest.RESUME));
    }

    @Operation(summary = "Retry: runs failed and cancelled stages again")
    @PostMapping("/{id}/retry")
    JobView retry(@PathVariable String id) {
        return JobView.of(jobs.request(id, JobRequest.RETRY));
    }

    @Operation(summary = "Metric series of a job, thinned out to a number of points")
    @GetMapping("/{id}/metrics")
    SeriesList metrics(
            @PathVariable String id,
            @RequestParam(required = false) @Nullable String stage,
            @RequestParam(required = false) @Nullable String name,
            @RequestParam(defaultValue = "-1") long after,
            @RequestParam(defaultValue = "500") int points) {
        Page.requireParameter(
                points >= 3 && points <= MOST_POINTS, "points", points, "an integer from 3 to " + MOST_POINTS);
        return new SeriesList(jobs.metrics(id, stage, name, after).stream()
                .map(s -> new SeriesView(
                        s.stage(),
                        s.name(),
                        s.points().size(),
                        Downsampling.largestTriangles(s.points(), points).stream()
                                .map(JobController::pair)
                                .toList()))
                .toList());
    }

    @Operation(summary = "What the stages of a job made so far")
    @GetMapping("/{id}/artifacts")
    MadeList artifacts(@PathVariable String id) {
        JobState job = jobs.get(id);
        return new MadeList(job.stages().stream()
                .filter(s -> s.artifact() != null)
                .map(s -> {
                    var type = job.stageSpec(s.id()).type();
                    return new MadeView(
                            s.id(),
                            type.id(),
                            type.output().slug(),
                            Objects.requireNonNull(s.artifact()).value());
                })
                .toList());
    }

    private static List<Number> pair(MetricPoint point) {
        return List.of(point.step(), point.value());
    }

    private static @Nullable JobStatus status(@Nullable String slug) {
        if (slug == null) {
            return null;
        }
        List<String> known =
                Arrays.stream(JobStatus.values()).map(JobStatus::slug).toList();
        Page.requireParameter(known.contains(slug), "status", slug, "one of " + known);
        return JobStatus.values()[known.indexOf(slug)];
    }
}
