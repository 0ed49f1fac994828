package dev.athanor.gateway.job;

import static org.assertj.core.api.Assertions.assertThat;

import dev.athanor.contracts.artifact.ArtifactId;
import dev.athanor.contracts.error.ErrorCode;
import dev.athanor.contracts.job.JobSpec;
import dev.athanor.contracts.job.JobStatus;
import dev.athanor.contracts.message.StageCommand;
import dev.athanor.contracts.message.StageEvent;
import dev.athanor.contracts.message.StageRun;
import dev.athanor.gateway.job.JobMachine.Step;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class JobMachineTest {

    private static final Instant T0 = Instant.parse("2026-01-01T00:00:00Z");

    private final List<StageCommand> sent = new ArrayList<>();
    private JobState job = take(JobMachine.submit(new JobEvent.Submitted(T0, "job_1", Jobs.PIPELINE)));

    private JobState take(Step step) {
        sent.addAll(step.commands());
        return step.state();
    }

    private void report(StageEvent event) {
        job = take(JobMachine.apply(job, new JobEvent.Reported(T0.plusSeconds(1), event)));
    }

    private void ask(JobRequest request) {
        job = take(JobMachine.apply(job, new JobEvent.Requested(T0.plusSeconds(2), request)));
    }

    private StageRun run(String stage) {
        return new StageRun(
                job.id(), stage, job.stageSpec(stage).type(), job.stage(stage).attempt());
    }

    private void complete(String stage) {
        StageCommand.Start start = (StageCommand.Start) sent.stream()
                .filter(c -> c instanceof StageCommand.Start && c.run().equals(run(stage)))
                .findFirst()
                .orElseThrow();
        report(new StageEvent.Completed(start.run(), Jobs.artifactOf(start), new TreeMap<>()));
    }

    private List<String> takeSent() {
        List<String> all = sent.stream()
                .map(c -> c.getClass().getSimpleName().toLowerCase(java.util.Locale.ROOT) + " "
                        + c.run().stageId() + " " + c.run().attempt())
                .toList();
        sent.clear();
        return all;
    }

    @Test
    void independentStagesStartTogetherAndTheOthersWhenTheirInputsAreThere() {
        assertThat(takeSent()).containsExactly("start ingest 1", "start reviews 1");
        job = JobMachine.apply(
                        job,
                        new JobEvent.Reported(T0, new StageEvent.Completed(run("ingest"), id('a'), new TreeMap<>())))
                .state();
        assertThat(job.stage("clean").status()).isEqualTo(JobStatus.RUNNING);
        assertThat(job.stage("finetune").status()).isEqualTo(JobStatus.PENDING);
        assertThat(job.status()).isEqualTo(JobStatus.RUNNING);
    }

    @Test
    void aStartCarriesTheArtifactsOfEarlierStagesAndThoseGivenByTheUser() {
        String given = "sha256:" + "b".repeat(64);
        JobSpec spec = Jobs.spec("""
                {"name":"x","seed":3,"stages":[
                  {"id":"tokenizer","type":"tokenizer.train","inputs":{"documents":"%s"}},
                  {"id":"encode","type":"tokenizer.encode","inputs":{"documents":"%s","tokenizer":"tokenizer"}}]}
                """.formatted(given, given));
        Step first = JobMachine.submit(new JobEvent.Submitted(T0, "job_2", spec));
        StageCommand.Start start = (StageCommand.Start) first.commands().getFirst();
        assertThat(start.inputs()).containsExactly(java.util.Map.entry("documents", new ArtifactId(given)));
        Step second = JobMachine.apply(
                first.state(),
                new JobEvent.Reported(T0, new StageEvent.Completed(start.run(), id('c'), new TreeMap<>())));
        assertThat(((StageCommand.Start) second.commands().getFirst()).inputs())
                .containsEntry("documents", new ArtifactId(given))
                .containsEntry("tokenizer", id('c'));
        assertThat(((StageCommand.Start) second.commands().getFirst()).seed()).isEqualTo(3);
    }

    @Test
    void aFailedStageLetsActiveOnesEndAndStartsNoOther() {
        report(new StageEvent.Failed(run("reviews"), ErrorCode.INVALID_SPEC, "no such folder"));
        assertThat(job.status()).isEqualTo(JobStatus.RUNNING);
        takeSent();
        report(new StageEvent.Completed(run("ingest"), id('a'), new TreeMap<>()));
        assertThat(job.status()).isEqualTo(JobStatus.FAILED);
        assertThat(job.finishedAt()).isEqualTo(T0.plusSeconds(1));
        assertThat(takeSent()).isEmpty();
    }

    @Test
    void aRetryKeepsWhatFinishedAndIgnoresTheEarlierAttempt() {
        StageRun old = run("reviews");
        report(new StageEvent.Failed(old, ErrorCode.TASK_FAILED, "disk"));
        complete("ingest");
        takeSent();
        ask(JobRequest.RETRY);
        assertThat(takeSent()).containsExactly("start reviews 2", "start clean 1");
        assertThat(job.finishedAt()).isNull();
        assertThat(job.stage("ingest").status()).isEqualTo(JobStatus.SUCCEEDED);
        JobState before = job;
        report(new StageEvent.Completed(old, id('z'), new TreeMap<>()));
        assertThat(job).isEqualTo(before);
    }

    @Test
    void cancelReachesActiveStagesAndTheJobEndsWhenTheyHave() {
        takeSent();
        ask(JobRequest.CANCEL);
        assertThat(takeSent()).containsExactly("cancel ingest 1", "cancel reviews 1");
        assertThat(job.status()).isEqualTo(JobStatus.RUNNING);
        assertThat(JobMachine.objection(job, JobRequest.PAUSE)).get().asString().contains("being cancelled");
        report(new StageEvent.Cancelled(run("ingest")));
        report(new StageEvent.Completed(run("reviews"), id('a'), new TreeMap<>()));
        assertThat(job.status()).isEqualTo(JobStatus.CANCELLED);
        assertThat(job.stage("reviews").status()).isEqualTo(JobStatus.SUCCEEDED);
        assertThat(takeSent()).isEmpty();
    }

    @Test
    void aPausedJobStartsNothingUntilItIsResumedAndALatePausedIsNoPause() {
        takeSent();
        ask(JobRequest.PAUSE);
        assertThat(takeSent()).containsExactly("pause ingest 1", "pause reviews 1");
        report(new StageEvent.Paused(run("reviews")));
        assertThat(job.status()).isEqualTo(JobStatus.RUNNING);
        report(new StageEvent.Completed(run("ingest"), id('a'), new TreeMap<>()));
        assertThat(job.status()).isEqualTo(JobStatus.PAUSED);
        assertThat(takeSent()).isEmpty();
        ask(JobRequest.RESUME);
        assertThat(takeSent()).containsExactly("resume reviews 1", "start clean 1");
        report(new StageEvent.Paused(run("reviews")));
        assertThat(job.stage("reviews").status()).isEqualTo(JobStatus.RUNNING);
    }

    @Test
    void olderProgressDoesNotOverwriteNewer() {
        StageEvent newer = new StageEvent.Progressed(run("ingest"), "execute", 9, 10, "tasks", 1, null);
        StageEvent older = new StageEvent.Progressed(run("ingest"), "execute", 2, 10, "tasks", 1, null);
        job = JobMachine.apply(job, new JobEvent.Reported(T0.plusSeconds(9), newer))
                .state();
        Step late = JobMachine.apply(job, new JobEvent.Reported(T0.plusSeconds(2), older));
        assertThat(late.changed()).isFalse();
        assertThat(late.state().stage("ingest").progress().done()).isEqualTo(9);
    }

    @Test
    void eventsOfAnotherTypeOrStageAreIgnored() {
        StageRun wrong = new StageRun(job.id(), "ingest", dev.athanor.contracts.job.StageType.CLEAN, 1);
        assertThat(JobMachine.apply(job, new JobEvent.Reported(T0, new StageEvent.Started(wrong)))
                        .changed())
                .isFalse();
        StageRun unknown = new StageRun(job.id(), "nope", dev.athanor.contracts.job.StageType.CLEAN, 1);
        assertThat(JobMachine.apply(job, new JobEvent.Reported(T0, new StageEvent.Cancelled(unknown)))
                        .changed())
                .isFalse();
    }

    @Test
    void requestsThatDoNotFitAreRefusedWithAReason() {
        assertThat(JobMachine.objection(job, JobRequest.RETRY)).get().asString().contains("it is running");
        assertThat(JobMachine.objection(job, JobRequest.RESUME)).isEmpty();
        ask(JobRequest.RETRY);
        assertThat(job.stage("ingest").attempt()).isEqualTo(1);
    }

    private static ArtifactId id(char c) {
        return ArtifactId.ofSha256(String.valueOf(c == 'z' ? 'f' : c).repeat(64));
    }
}
