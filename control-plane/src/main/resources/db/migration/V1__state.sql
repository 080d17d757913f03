-- Legal transitions of every state machine, the same table as the Java enums (StateTablesTest holds the two together).
-- An empty from_state marks the states a row may be inserted in.
CREATE TABLE legal_transition (
    machine    text NOT NULL,
    from_state text NOT NULL,
    to_state   text NOT NULL,
    PRIMARY KEY (machine, from_state, to_state)
);

INSERT INTO legal_transition (machine, from_state, to_state) VALUES
    ('job', '', 'queued'),
    ('job', 'queued', 'dispatched'), ('job', 'queued', 'cancelled'),
    ('job', 'dispatched', 'running'), ('job', 'dispatched', 'queued'), ('job', 'dispatched', 'rejected'),
    ('job', 'dispatched', 'stalled'), ('job', 'dispatched', 'cancelled'),
    ('job', 'running', 'verifying'), ('job', 'running', 'failed'),
    ('job', 'running', 'stalled'), ('job', 'running', 'cancelled'),
    ('job', 'verifying', 'succeeded'), ('job', 'verifying', 'failed'), ('job', 'verifying', 'stalled'),
    ('job', 'stalled', 'running'), ('job', 'stalled', 'verifying'), ('job', 'stalled', 'succeeded'),
    ('job', 'stalled', 'failed'),

    ('node', '', 'acquiring'),
    ('node', 'acquiring', 'provisioning'), ('node', 'acquiring', 'failed'),
    ('node', 'provisioning', 'ready'), ('node', 'provisioning', 'failed'),
    ('node', 'ready', 'unreachable'), ('node', 'ready', 'draining'), ('node', 'ready', 'provisioning'),
    ('node', 'unreachable', 'ready'), ('node', 'unreachable', 'draining'), ('node', 'unreachable', 'provisioning'),
    ('node', 'draining', 'ready'), ('node', 'draining', 'failed'), ('node', 'draining', 'decommissioned'),
    ('node', 'failed', 'acquiring'), ('node', 'failed', 'draining');

-- Sites and environments share one machine.
INSERT INTO legal_transition (machine, from_state, to_state)
SELECT machine, from_state, to_state
FROM (VALUES ('site'), ('environment')) AS m (machine),
     (VALUES
        ('', 'creating'),
        ('creating', 'active'), ('creating', 'failed'),
        ('active', 'deploying'), ('active', 'restoring'), ('active', 'promoting'), ('active', 'moving'),
        ('active', 'deleting'),
        ('deploying', 'active'), ('deploying', 'failed'),
        ('restoring', 'active'), ('restoring', 'failed'),
        ('promoting', 'active'), ('promoting', 'failed'),
        ('moving', 'active'), ('moving', 'failed'),
        ('deleting', 'deleted'), ('deleting', 'failed'),
        ('failed', 'creating'), ('failed', 'deploying'), ('failed', 'restoring'), ('failed', 'deleting')
     ) AS t (from_state, to_state);

CREATE FUNCTION refuse_illegal_transition() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    previous text := '';
BEGIN
    IF TG_OP = 'UPDATE' THEN
        previous := OLD.state;
        IF previous = NEW.state THEN
            RETURN NEW;
        END IF;
    END IF;
    IF NOT EXISTS (SELECT 1 FROM legal_transition
                   WHERE machine = TG_ARGV[0] AND from_state = previous AND to_state = NEW.state) THEN
        RAISE EXCEPTION 'illegal transition of % from "%" to "%"', TG_ARGV[0], previous, NEW.state
            USING ERRCODE = 'check_violation', CONSTRAINT = 'legal_transition';
    END IF;
    RETURN NEW;
END $$;

CREATE TABLE node (
    id                 text PRIMARY KEY CHECK (id ~ '^node_[a-z0-9]{12}$'),
    name               text NOT NULL,
    state              text NOT NULL,
    source             text NOT NULL CHECK (source IN ('local', 'remote')),
    provider           text NOT NULL,
    web_stack          text NOT NULL CHECK (web_stack IN ('nginx', 'openlitespeed')),
    memory_mb          integer NOT NULL CHECK (memory_mb > 0),
    cpus               double precision NOT NULL CHECK (cpus > 0),
    hostname           text,
    public_address     text,
    private_address    text,
    ssh_user           text,
    ssh_port           integer,
    ssh_key_path       text,
    host_key           text,
    key_narrowed       boolean NOT NULL DEFAULT false,
    agent_version      text,
    failure_code       text,
    last_heartbeat_at  timestamptz,
    load               double precision,
    memory_available   bigint,
    disk_free          bigint,
    clock_skew_ms      bigint,
    environments       integer NOT NULL DEFAULT 0,
    created_at         timestamptz NOT NULL DEFAULT now()
);
CREATE UNIQUE INDEX node_name_in_use ON node (name) WHERE state <> 'decommissioned';
CREATE TRIGGER node_transition BEFORE INSERT OR UPDATE OF state ON node
    FOR EACH ROW EXECUTE FUNCTION refuse_illegal_transition('node');

-- What the readiness checks of a node showed, newest last.
CREATE TABLE readiness_observation (
    id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    node_id     text NOT NULL REFERENCES node,
    observed_at timestamptz NOT NULL,
    ready       boolean NOT NULL,
    checks      jsonb NOT NULL
);
CREATE INDEX readiness_by_node ON readiness_observation (node_id, id DESC);

CREATE TABLE site (
    id           text PRIMARY KEY CHECK (id ~ '^site_[a-z0-9]{12}$'),
    slug         text NOT NULL,
    title        text NOT NULL,
    state        text NOT NULL,
    failure_code text,
    created_by   text NOT NULL,
    created_at   timestamptz NOT NULL DEFAULT now()
);
CREATE UNIQUE INDEX site_slug_in_use ON site (slug) WHERE state <> 'deleted';
CREATE TRIGGER site_transition BEFORE INSERT OR UPDATE OF state ON site
    FOR EACH ROW EXECUTE FUNCTION refuse_illegal_transition('site');

CREATE TABLE environment (
    id                text PRIMARY KEY CHECK (id ~ '^env_[a-z0-9]{8}$'),
    site_id           text NOT NULL REFERENCES site,
    node_id           text NOT NULL REFERENCES node,
    kind              text NOT NULL CHECK (kind IN ('production', 'staging', 'clone')),
    state             text NOT NULL,
    hostname          text NOT NULL,
    url               text NOT NULL,
    code_mode         text NOT NULL CHECK (code_mode IN ('writable', 'immutable')),
    identity          text NOT NULL CHECK (identity ~ '^[0-9a-f]{32}$'),
    proof_key         text,
    wordpress_version text,
    php_version       text,
    admin_user        text NOT NULL,
    proven_at         timestamptz,
    created_at        timestamptz NOT NULL DEFAULT now()
);
CREATE UNIQUE INDEX environment_hostname_in_use ON environment (hostname) WHERE state <> 'deleted';
CREATE UNIQUE INDEX one_production_per_site ON environment (site_id) WHERE kind = 'production' AND state <> 'deleted';
CREATE INDEX environment_by_site ON environment (site_id);
CREATE INDEX environment_by_node ON environment (node_id) WHERE state <> 'deleted';
CREATE TRIGGER environment_transition BEFORE INSERT OR UPDATE OF state ON environment
    FOR EACH ROW EXECUTE FUNCTION refuse_illegal_transition('environment');

-- Releases of an environment; at most one is current.
CREATE TABLE release (
    environment_id    text NOT NULL REFERENCES environment,
    name              text NOT NULL CHECK (name ~ '^[0-9]{8}T[0-9]{6}Z$'),
    wordpress_version text NOT NULL,
    current           boolean NOT NULL DEFAULT false,
    created_at        timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (environment_id, name)
);
CREATE UNIQUE INDEX one_current_release ON release (environment_id) WHERE current;

-- The newest fencing token of each site. It only grows.
CREATE TABLE fence (
    site_id text PRIMARY KEY,
    token   bigint NOT NULL CHECK (token > 0)
);
CREATE FUNCTION refuse_shrinking_token() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.token <= OLD.token THEN
        RAISE EXCEPTION 'fencing token of % may only grow', OLD.site_id USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER fence_grows BEFORE UPDATE ON fence FOR EACH ROW EXECUTE FUNCTION refuse_shrinking_token();

CREATE TABLE job (
    id              text PRIMARY KEY CHECK (id ~ '^job_[a-z0-9]{12}$'),
    type            text NOT NULL,
    state           text NOT NULL,
    exclusive       boolean NOT NULL,
    site_id         text REFERENCES site,
    environment_id  text REFERENCES environment,
    fencing_token   bigint,
    payload         jsonb NOT NULL,
    requested_by    text NOT NULL,
    idempotency_key text,
    retry_of        text REFERENCES job,
    verdict         text CHECK (verdict IN ('commit', 'undo')),
    failure_code    text,
    failure_message text,
    failure_step    text,
    undone          boolean,
    worker          text,
    worker_seen_at  timestamptz,
    event_count     integer NOT NULL DEFAULT 0,
    created_at      timestamptz NOT NULL DEFAULT now(),
    dispatched_at   timestamptz,
    started_at      timestamptz,
    settled_at      timestamptz,
    deadline_at     timestamptz,
    CHECK (NOT exclusive OR site_id IS NULL OR fencing_token IS NOT NULL),
    CHECK (state <> 'succeeded' OR verdict IS DISTINCT FROM 'undo'),
    CHECK ((state = 'failed') <= (failure_code IS NOT NULL))
);
CREATE UNIQUE INDEX one_unfinished_exclusive_job_per_site ON job (site_id)
    WHERE exclusive AND site_id IS NOT NULL AND state NOT IN ('succeeded', 'failed', 'cancelled', 'rejected');
CREATE UNIQUE INDEX job_idempotency ON job (requested_by, idempotency_key) WHERE idempotency_key IS NOT NULL;
CREATE INDEX job_queued ON job (created_at) WHERE state = 'queued';
CREATE INDEX job_unfinished ON job (state) WHERE state NOT IN ('succeeded', 'failed', 'cancelled', 'rejected');
CREATE INDEX job_by_site ON job (site_id, created_at DESC);
CREATE TRIGGER job_transition BEFORE INSERT OR UPDATE OF state ON job
    FOR EACH ROW EXECUTE FUNCTION refuse_illegal_transition('job');

-- The parts of a job, each on one node; part 0 is the one that leads.
CREATE TABLE job_part (
    job_id     text NOT NULL REFERENCES job,
    part       smallint NOT NULL,
    node_id    text NOT NULL REFERENCES node,
    role       text NOT NULL CHECK (role IN ('target', 'source')),
    -- Copied from the job so that the index below can be partial.
    locks_node boolean NOT NULL DEFAULT false,
    outputs    jsonb NOT NULL DEFAULT '{}',
    PRIMARY KEY (job_id, part)
);
CREATE INDEX job_part_by_node ON job_part (node_id);
-- One unfinished exclusive job per node as a whole; the row loses its lock when the job ends.
CREATE UNIQUE INDEX one_unfinished_exclusive_job_per_node ON job_part (node_id) WHERE locks_node;

CREATE TABLE job_step (
    job_id      text NOT NULL REFERENCES job,
    part        smallint NOT NULL,
    ordinal     integer NOT NULL,
    phase       text NOT NULL CHECK (phase IN ('work', 'apply', 'prove', 'commit', 'undo')),
    name        text NOT NULL,
    outcome     text NOT NULL CHECK (outcome IN ('running', 'ok', 'changed', 'failed', 'skipped')),
    started_at  timestamptz NOT NULL,
    duration_ms bigint,
    code        text,
    message     text,
    -- The order in which steps were first seen; those of node and control plane interleave.
    seen        bigint GENERATED ALWAYS AS IDENTITY,
    PRIMARY KEY (job_id, part, ordinal)
);

CREATE TABLE job_log (
    job_id      text NOT NULL REFERENCES job,
    part        smallint NOT NULL,
    byte_offset bigint NOT NULL,
    content     bytea NOT NULL,
    PRIMARY KEY (job_id, part, byte_offset)
);

-- What happened to a job, numbered without gaps in commit order: the source of live pages.
CREATE TABLE job_event (
    job_id text NOT NULL REFERENCES job,
    number integer NOT NULL,
    kind   text NOT NULL CHECK (kind IN ('job', 'step')),
    body   jsonb NOT NULL,
    PRIMARY KEY (job_id, number)
);

CREATE FUNCTION refuse_changing_the_end() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.settled_at IS NOT NULL AND (NEW.state, NEW.failure_code, NEW.fencing_token, NEW.payload, NEW.settled_at)
        IS DISTINCT FROM (OLD.state, OLD.failure_code, OLD.fencing_token, OLD.payload, OLD.settled_at) THEN
        RAISE EXCEPTION 'job % has ended', OLD.id USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER job_end BEFORE UPDATE ON job FOR EACH ROW EXECUTE FUNCTION refuse_changing_the_end();
