package dev.athanor.stage.service;

import dev.athanor.contracts.spec.CleanSpec;
import dev.athanor.stage.WordCountStage;
import dev.athanor.stage.api.TaskContext;
import dev.athanor.stage.api.TaskOutput;
import java.io.IOException;
import java.util.List;

/** The toy stage with troubles on demand: the seed tells which. */
class TroubledStage extends WordCountStage {

    /** Each step takes long. */
    static final long SLOW = 1000;
    /** Task 3 fails at its first attempt. */
    static final long FAILS_ONCE = 2000;
    /** Task 3 always fails. */
    static final long FAILS = 3000;

    private static final int TASKS = 40;
    private static final long MILLIS = 5;

    TroubledStage() {
        super(TASKS, MILLIS);
    }

    @Override
    public TaskOutput execute(TaskContext<CleanSpec> context) throws IOException, InterruptedException {
        if (context.seed() == SLOW) {
            for (int i = 0; i < 10; i++) {
                context.checkStop();
                Thread.sleep(20);
            }
        }
        if (context.name().equals("count-3")) {
            List<String> attempts = context.scratch().list("attempt-");
            if (context.seed() == FAILS || context.seed() == FAILS_ONCE && attempts.isEmpty()) {
                var mark = java.nio.file.Files.createFile(context.workFolder().resolve("mark"));
                context.scratch().put("attempt-" + attempts.size(), mark);
                throw new IOException("the disk of task 3 went away");
            }
        }
        return super.execute(context);
    }
}
