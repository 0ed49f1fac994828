-- The workers of a run that train together now.
CREATE TABLE training_group (
    run_key       text PRIMARY KEY,
    generation    bigint NOT NULL DEFAULT 0,
    host          text,
    port          integer,
    -- Ids of the members in order of rank, separated by commas.
    members       text   NOT NULL DEFAULT '',
    -- The slot that hands in the trained model.
    finished_slot integer
);

-- Who holds a slot, and that it lives.
CREATE TABLE training_member (
    run_key       text        NOT NULL,
    slot          integer     NOT NULL,
    member_id     text        NOT NULL,
    host          text        NOT NULL,
    -- That it trains in; null while it waits for a group.
    generation    bigint,
    waiting_since timestamptz NOT NULL,
    seen_at       timestamptz NOT NULL,
    PRIMARY KEY (run_key, slot)
);

-- Which samples went into the weights. Samples are numbered over all epochs.
CREATE TABLE training_range (
    id           bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    run_key      text   NOT NULL,
    generation   bigint NOT NULL,
    epoch        bigint NOT NULL,
    first_index  bigint NOT NULL,
    last_index   bigint NOT NULL,
    first_sample bigint NOT NULL,
    last_sample  bigint NOT NULL,
    -- Of the checkpoint that holds them; null where none does.
    step         bigint,
    -- COMMITTED: in a checkpoint. SKIPPED: left out because training broke down. OPEN: in no checkpoint yet. VOID: in no
    -- weights that anybody goes on with.
    status       text   NOT NULL CHECK (status IN ('COMMITTED', 'SKIPPED', 'OPEN', 'VOID'))
);
CREATE INDEX training_range_of_run ON training_range (run_key, first_sample);
