package dev.athanor.inference.deployment;

import java.util.concurrent.atomic.AtomicInteger;

/** A model that is closed when the deployment has let go of it and the last request that uses it has ended. */
final class SharedModel {

    private final ServedModel model;
    private final AtomicInteger users = new AtomicInteger(1);

    SharedModel(ServedModel model) {
        this.model = model;
    }

    ServedModel model() {
        return model;
    }

    /** @return false where it is closed already; otherwise {@link #release} must follow */
    boolean acquire() {
        return users.updateAndGet(n -> n == 0 ? 0 : n + 1) != 0;
    }

    void release() {
        if (users.decrementAndGet() == 0) {
            model.close();
        }
    }
}
