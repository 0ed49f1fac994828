-- Of the lease under which the slot was taken: a worker that has lost its lease must not take the slot back.
ALTER TABLE training_member ADD COLUMN fencing bigint NOT NULL DEFAULT 0;
