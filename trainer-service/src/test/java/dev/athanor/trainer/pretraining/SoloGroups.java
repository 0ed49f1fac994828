package dev.athanor.trainer.pretraining;

import dev.athanor.contracts.message.StageRun;
import dev.athanor.lm.train.TrainingLedger;
import dev.athanor.trainer.group.Membership;
import dev.athanor.trainer.group.SampleSpace;
import dev.athanor.trainer.group.TrainingGroups;
import java.util.concurrent.atomic.AtomicLong;

/** Every worker is a group of its own. */
public final class SoloGroups implements TrainingGroups {

    private final AtomicLong generations = new AtomicLong();

    @Override
    public Membership join(StageRun run, int slot, long fencing, int workers, StopCheck stop) {
        return new Solo(generations.incrementAndGet());
    }

    private record Solo(long generation) implements Membership {

        @Override
        public int rank() {
            return 0;
        }

        @Override
        public int size() {
            return 1;
        }

        @Override
        public Place place() {
            throw new IllegalStateException("there is nobody to meet");
        }

        @Override
        public boolean finished() {
            return false;
        }

        @Override
        public boolean regroupWanted() {
            return false;
        }

        @Override
        public void onLoss(Runnable abort) {}

        @Override
        public void part() {}

        @Override
        public TrainingLedger ledger(SampleSpace samples) {
            long number = generation;
            return new TrainingLedger() {
                @Override
                public long generation() {
                    return number;
                }
            };
        }

        @Override
        public void finish() {}

        @Override
        public void close() {}
    }
}
