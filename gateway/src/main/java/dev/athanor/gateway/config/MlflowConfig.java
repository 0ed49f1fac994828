package dev.athanor.gateway.config;

import dev.athanor.gateway.mlflow.MlflowExport;
import dev.athanor.gateway.mlflow.MlflowReporter;
import dev.athanor.gateway.mlflow.MlflowServer;
import dev.athanor.gateway.mlflow.MlflowSettings;
import dev.athanor.gateway.persistence.JobRows;
import dev.athanor.gateway.persistence.MlflowRuns;
import io.micrometer.core.instrument.MeterRegistry;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.SmartLifecycle;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(MlflowProperties.class)
class MlflowConfig {

    /** Does nothing where there is no server. */
    @Bean
    SmartLifecycle mlflow(MlflowProperties properties, MlflowRuns runs, JobRows jobs, MeterRegistry registry) {
        if (properties.url().isBlank()) {
            return new Running(null);
        }
        MlflowSettings settings = properties.settings();
        var server = new MlflowServer(settings);
        var export = new MlflowExport(server, runs, settings.experiment(), registry);
        return new Running(new MlflowReporter(
                runs, export, server, id -> jobs.findById(id).orElseThrow().state(), settings));
    }

    private static final class Running implements SmartLifecycle {
        private final @Nullable MlflowReporter reporter;
        private volatile boolean running;

        Running(@Nullable MlflowReporter reporter) {
            this.reporter = reporter;
        }

        @Override
        public void start() {
            running = true;
            if (reporter != null) {
                reporter.start();
            }
        }

        @Override
        public void stop() {
            running = false;
            if (reporter != null) {
                reporter.stop();
            }
        }

        @Override
        public boolean isRunning() {
            return running;
        }
    }
}
