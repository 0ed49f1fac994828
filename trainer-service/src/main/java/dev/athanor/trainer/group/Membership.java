package dev.athanor.trainer.group;

import dev.athanor.lm.train.TrainingLedger;
import java.net.InetSocketAddress;
import java.time.Duration;

/** A worker's place in one generation of a group; it is left by closing. */
public interface Membership extends AutoCloseable {

    /** Higher than that of every group of this run before. */
    long generation();

    /** From 0. */
    int rank();

    int size();

    /**
     * Where the first worker is to be met.
     *
     * @param meeting how long to wait there for the others
     * @param operation how long to wait for the others in what all do together, while all are alive
     */
    record Place(InetSocketAddress address, Duration meeting, Duration operation) {}

    Place place();

    /** The slot of another worker has the model already: there is nothing to do. */
    boolean finished();

    /** Another worker waits to join, or the group is no more: training should stop at the next step, and a new group form. */
    boolean regroupWanted();

    /**
     * Has {@code abort} called when a member does not answer any more or the group has ended.
     *
     * @param abort makes what the members are doing together fail
     */
    void onLoss(Runnable abort);

    /** What was to be done together is done: from now on nobody is lost. */
    void part();

    /** The account of this run, as this generation may write it. */
    TrainingLedger ledger(SampleSpace samples);

    /** This worker hands in the trained model; the others may go. */
    void finish();

    @Override
    void close();
}
