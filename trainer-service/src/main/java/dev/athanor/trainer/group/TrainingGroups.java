package dev.athanor.trainer.group;

import dev.athanor.contracts.message.StageRun;

/**
 * Lets the workers of a run find each other. Each holds a slot, guarded by the lease of its task; those that are there form a group,
 * which has a number, its generation, and trains until one of them is lost or another comes.
 */
public interface TrainingGroups {

    /** Called often while waiting. */
    interface StopCheck {
        void checkStop() throws InterruptedException;
    }

    /**
     * Waits until a group has formed: of all workers, or of those that are there when the others were waited for long enough.
     *
     * @param slot from 0, one a task of the run
     * @param fencing of the lease on the slot's task
     * @param workers slots of the run
     * @throws InterruptedException as the check throws it, or if another worker has taken over the slot with a later lease
     */
    Membership join(StageRun run, int slot, long fencing, int workers, StopCheck stop) throws InterruptedException;
}
