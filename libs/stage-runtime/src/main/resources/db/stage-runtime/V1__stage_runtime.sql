CREATE TABLE stage_run (
    run_key         text PRIMARY KEY,
    job_id          text        NOT NULL,
    stage_id        text        NOT NULL,
    stage_type      text        NOT NULL,
    attempt         integer     NOT NULL,
    spec            text        NOT NULL,
    inputs          text        NOT NULL,
    seed            bigint      NOT NULL,
    status          text        NOT NULL,
    phase           text        NOT NULL,
    round           integer     NOT NULL,
    open_tasks      integer     NOT NULL,
    progress_at     timestamptz,
    progress_done   bigint      NOT NULL DEFAULT 0,
    progress_rate   double precision NOT NULL DEFAULT 0,
    scratch_cleared boolean     NOT NULL DEFAULT false,
    created_at      timestamptz NOT NULL,
    updated_at      timestamptz NOT NULL
);
CREATE INDEX stage_run_to_clear ON stage_run (updated_at) WHERE NOT scratch_cleared;

CREATE TABLE stage_task (
    id             text PRIMARY KEY,
    seq            bigint GENERATED ALWAYS AS IDENTITY,
    run_key        text        NOT NULL REFERENCES stage_run,
    kind           text        NOT NULL,
    round          integer     NOT NULL,
    index_in_round integer     NOT NULL,
    name           text        NOT NULL,
    payload        text        NOT NULL,
    status         text        NOT NULL,
    attempt        integer     NOT NULL,
    failures       integer     NOT NULL,
    losses         integer     NOT NULL,
    fencing        bigint      NOT NULL,
    owner          text,
    lease_until    timestamptz,
    not_before     timestamptz,
    output         text,
    output_sha256  text,
    output_size    bigint,
    progress_done  bigint      NOT NULL DEFAULT 0,
    progress_total bigint      NOT NULL DEFAULT 0,
    progress_unit  text,
    progress_text  text,
    reason         text
);
CREATE INDEX stage_task_open ON stage_task (seq) WHERE status IN ('READY', 'LEASED');
CREATE INDEX stage_task_of_round ON stage_task (run_key, kind, round, index_in_round);

-- Messages to be sent, in order; a row goes when its message was taken by the broker.
CREATE TABLE outbox (
    id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    topic       text        NOT NULL,
    message_key text        NOT NULL,
    headers     text        NOT NULL,
    payload     text        NOT NULL,
    created_at  timestamptz NOT NULL
);

-- Messages that were taken in, so that a second delivery is known.
CREATE TABLE inbox (
    message_id  text PRIMARY KEY,
    received_at timestamptz NOT NULL
);
CREATE INDEX inbox_received ON inbox (received_at);
