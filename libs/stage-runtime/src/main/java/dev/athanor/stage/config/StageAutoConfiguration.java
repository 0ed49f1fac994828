package dev.athanor.stage.config;

import dev.athanor.artifacts.ArtifactStore;
import dev.athanor.stage.api.Stage;
import dev.athanor.stage.messaging.DeadLetters;
import dev.athanor.stage.messaging.Inbox;
import dev.athanor.stage.messaging.Outbox;
import dev.athanor.stage.messaging.StageMessages;
import dev.athanor.stage.metrics.Metric;
import dev.athanor.stage.metrics.StageMetrics;
import dev.athanor.stage.persistence.InboxRows;
import dev.athanor.stage.persistence.StageRunRows;
import dev.athanor.stage.persistence.StageTaskRows;
import dev.athanor.stage.run.StageCalls;
import dev.athanor.stage.run.StageMachine;
import dev.athanor.stage.run.WorkFolders;
import dev.athanor.stage.work.Heartbeat;
import dev.athanor.stage.work.Housekeeping;
import dev.athanor.stage.work.ProgressReporter;
import dev.athanor.stage.work.RunningTasks;
import dev.athanor.stage.work.StageCatalog;
import dev.athanor.stage.work.StageRuns;
import dev.athanor.stage.work.TaskClaims;
import dev.athanor.stage.work.TaskResults;
import dev.athanor.stage.work.TaskWork;
import dev.athanor.stage.work.Transitions;
import dev.athanor.stage.work.WorkerPool;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.function.Consumer;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.context.annotation.Bean;
import org.springframework.messaging.Message;
import org.springframework.transaction.support.TransactionTemplate;

/** Everything around the {@link Stage} beans of a service. */
@AutoConfiguration(after = {MessagingAutoConfiguration.class, StoreAutoConfiguration.class})
@ConditionalOnBean(Stage.class)
public class StageAutoConfiguration {

    @Bean
    StageCatalog stageCatalog(List<Stage<?>> stages, ArtifactStore store, AthanorProperties properties)
            throws IOException {
        WorkFolders workFolders = new WorkFolders(properties.workRoot());
        List<StageCalls<?>> calls = new ArrayList<>();
        for (Stage<?> stage : stages) {
            calls.add(new StageCalls<>(stage, store, workFolders));
        }
        return new StageCatalog(calls);
    }

    @Bean
    StageMachine stageMachine(AthanorProperties properties) {
        return new StageMachine(properties.policy());
    }

    @Bean
    RunningTasks runningTasks() {
        return new RunningTasks();
    }

    @Bean
    Transitions transitions(StageTaskRows tasks, Outbox outbox, RunningTasks running, StageMetrics metrics) {
        return new Transitions(tasks, outbox, running, metrics);
    }

    @Bean
    StageRuns stageRuns(
            StageRunRows runs,
            InboxRows clock,
            Transitions transitions,
            StageMachine machine,
            StageCatalog catalog,
            ArtifactStore store) {
        return new StageRuns(runs, clock, transitions, machine, catalog, store);
    }

    @Bean
    TaskClaims taskClaims(
            StageRunRows runs,
            StageTaskRows tasks,
            InboxRows clock,
            Transitions transitions,
            StageMachine machine,
            StageMetrics metrics,
            AthanorProperties properties) {
        String owner = ProcessHandle.current().pid() + "-"
                + UUID.randomUUID().toString().substring(0, 8);
        return new TaskClaims(runs, tasks, clock, transitions, machine, metrics, properties.maxLosses(), owner);
    }

    @Bean
    ProgressReporter progressReporter(
            StageRunRows runs,
            StageTaskRows tasks,
            InboxRows clock,
            Transitions transitions,
            AthanorProperties properties) {
        return new ProgressReporter(runs, tasks, clock, transitions, properties.renew());
    }

    @Bean
    TaskResults taskResults(
            StageRunRows runs,
            StageTaskRows tasks,
            InboxRows clock,
            Transitions transitions,
            StageMachine machine,
            ProgressReporter progress,
            StageMetrics metrics) {
        return new TaskResults(runs, tasks, clock, transitions, machine, progress, metrics);
    }

    @Bean
    Housekeeping housekeeping(
            StageRunRows runs,
            TaskClaims claims,
            InboxRows inbox,
            ArtifactStore store,
            TransactionTemplate transactions,
            AthanorProperties properties) {
        return new Housekeeping(
                runs, claims, inbox, store, transactions, properties.lease().multipliedBy(3));
    }

    @Bean
    Heartbeat heartbeat(
            RunningTasks running,
            TaskClaims claims,
            ProgressReporter progress,
            Housekeeping housekeeping,
            AthanorProperties properties) {
        return new Heartbeat(running, claims, progress, housekeeping, properties.renew(), properties.lease());
    }

    @Bean
    TaskWork taskWork(
            StageCatalog catalog,
            TaskResults results,
            RunningTasks running,
            ProgressReporter progress,
            ArtifactStore store,
            StageMetrics metrics) {
        return new TaskWork(catalog, results, running, progress, store, metrics);
    }

    @Bean
    WorkerPool workerPool(
            TaskClaims claims,
            TaskWork work,
            RunningTasks running,
            StageMetrics metrics,
            AthanorProperties properties) {
        metrics.gauge(Metric.WORKERS, properties::workerThreads);
        metrics.gauge(Metric.WORKERS_BUSY, running::size);
        return new WorkerPool(claims, work, running, properties.workerThreads(), properties.tick());
    }

    @Bean
    StageMessages stageMessages(
            StageRuns runs,
            WorkerPool workers,
            Inbox inbox,
            DeadLetters deadLetters,
            TransactionTemplate transactions,
            AthanorProperties properties) {
        return new StageMessages(runs, workers, inbox, deadLetters, transactions, properties.service());
    }

    @Bean
    Consumer<Message<byte[]>> stageCommands(StageMessages messages) {
        return messages::command;
    }

    @Bean
    Consumer<Message<byte[]>> stageTasks(StageMessages messages) {
        return messages::task;
    }
}
