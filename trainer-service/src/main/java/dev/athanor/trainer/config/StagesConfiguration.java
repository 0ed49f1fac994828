package dev.athanor.trainer.config;

import com.sun.management.OperatingSystemMXBean;
import dev.athanor.stage.data.DataRoots;
import dev.athanor.trainer.exporting.ExportStage;
import dev.athanor.trainer.importing.ImportModelStage;
import dev.athanor.trainer.persistence.PostgresGroups;
import dev.athanor.trainer.pretraining.PretrainStage;
import io.micrometer.core.instrument.MeterRegistry;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.transaction.support.TransactionTemplate;

@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(TrainerProperties.class)
class StagesConfiguration {

    private static final Duration HEARTBEAT = Duration.ofSeconds(1);

    @Bean
    PostgresGroups trainingGroups(JdbcTemplate jdbc, TransactionTemplate transactions, TrainerProperties properties) {
        return new PostgresGroups(
                jdbc,
                transactions,
                new PostgresGroups.Settings(
                        properties.host(),
                        properties.patience(),
                        HEARTBEAT,
                        properties.silence(),
                        properties.meeting(),
                        properties.operationLimit()));
    }

    @Bean
    PretrainStage pretrainStage(PostgresGroups groups, MeterRegistry registry) {
        return new PretrainStage(new TrainingMeters(registry), groups);
    }

    @Bean
    ImportModelStage importModelStage(TrainerProperties properties) {
        var machine = ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
        return new ImportModelStage(DataRoots.of(properties.dataRoots()), machine.getTotalMemorySize() / 5 * 4);
    }

    @Bean
    ExportStage exportStage() {
        return new ExportStage();
    }
}
