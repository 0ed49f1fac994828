-- JSON is kept as text: it is only ever read back whole, and text keeps its exact characters.
create table job (
    id            text collate "C" primary key,
    name          text        not null,
    status        text        not null,
    intent        text        not null,
    spec          text        not null,
    stages        text        not null,
    last_sequence bigint      not null,
    created_by    text        not null,
    created_at    timestamptz not null,
    finished_at   timestamptz,
    news_at       timestamptz not null,
    version       bigint      not null
);
create index job_status on job (status, id);
create index job_unfinished on job (news_at) where finished_at is null;

create table job_event (
    job_id     text collate "C" not null references job (id),
    sequence   bigint      not null,
    at         timestamptz not null,
    job_status text        not null,
    body       text        not null,
    primary key (job_id, sequence)
);

create table job_metric (
    job_id   text collate "C"  not null references job (id),
    stage_id text collate "C"  not null,
    name     text collate "C"  not null,
    step     bigint           not null,
    attempt  integer          not null,
    value    double precision not null,
    primary key (job_id, stage_id, name, step)
);

create table idempotency_key (
    owner        text        not null,
    key          text        not null,
    request_hash text        not null,
    job_id       text        not null,
    created_at   timestamptz not null,
    primary key (owner, key)
);

create table api_key (
    id         text collate "C" primary key,
    name       text        not null,
    role       text        not null,
    prefix     text        not null,
    hash       text        not null unique,
    created_at timestamptz not null,
    revoked_at timestamptz
);
create index api_key_prefix on api_key (prefix);

create table model (
    id         text collate "C" primary key,
    name       text        not null,
    version    integer     not null,
    artifact   text        not null,
    job_id     text,
    created_at timestamptz not null,
    unique (name, version),
    unique (name, artifact)
);

create table deployment (
    name       text collate "C" primary key,
    revision   bigint      not null,
    variants   text        not null,
    created_at timestamptz not null,
    updated_at timestamptz not null
);

create table deployment_revision (
    name     text collate "C" not null references deployment (name),
    revision bigint      not null,
    variants text        not null,
    cause    text        not null,
    at       timestamptz not null,
    primary key (name, revision)
);
