-- Places tell in which order points came, so that what came since can be read; a point that is told again gets a new one.
create sequence job_metric_place;
alter table job_metric add column place bigint not null default nextval('job_metric_place');
alter table job_metric add column recorded_at timestamptz not null default now();
create index job_metric_by_place on job_metric (job_id, stage_id, place);

-- Attempts at stages as runs of MLflow.
create table mlflow_run (
    job_id      text collate "C" not null references job (id),
    stage_id    text collate "C" not null,
    attempt     integer     not null,
    -- Null until the server has made the run.
    run_id      text,
    -- Of the last point that the server has.
    place       bigint      not null default 0,
    -- Counts what was heard of the stage, and how much of it the server has been told.
    news        bigint      not null default 1,
    told        bigint      not null default 0,
    -- Until when an instance of the gateway is at it.
    held_until  timestamptz not null default 'epoch',
    primary key (job_id, stage_id, attempt)
);
create index mlflow_run_news on mlflow_run (held_until) where news > told;
