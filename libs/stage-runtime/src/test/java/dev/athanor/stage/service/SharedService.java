package dev.athanor.stage.service;

import dev.athanor.stage.work.WorkerPool;
import dev.athanor.testing.TestInfrastructure;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.util.Map;
import java.util.TreeMap;
import org.springframework.context.ConfigurableApplicationContext;

/** One instance for the tests that need a running service but no workers; starting one takes a while. */
final class SharedService {

    /** Its own service name, so its topics and schema: what its runs offer is for nobody. */
    static final String SCHEMA = "athanor_tokenizer";

    private static ConfigurableApplicationContext context;

    private SharedService() {}

    static synchronized ConfigurableApplicationContext get() {
        if (context == null) {
            try {
                Map<String, String> settings = new TreeMap<>(
                        TestInfrastructure.get().environment(Files.createTempDirectory("athanor-shared-service")));
                settings.put("athanor.service", "tokenizer");
                context = WordCountApplication.start(settings);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            context.getBean(WorkerPool.class).stop();
        }
        return context;
    }
}
