-- Values encrypted with the master key, which is not in this database.
CREATE TABLE secret (
    name       text PRIMARY KEY,
    ciphertext bytea NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE enrolment_token (
    token_hash       bytea PRIMARY KEY,
    node_id          text NOT NULL REFERENCES node,
    expires_at       timestamptz NOT NULL,
    -- The key that spent the token; only the same key may try again.
    spent_by_key     bytea
);

CREATE TABLE agent_certificate (
    serial     text PRIMARY KEY,
    node_id    text NOT NULL REFERENCES node,
    not_after  timestamptz NOT NULL,
    issued_at  timestamptz NOT NULL DEFAULT now(),
    used_at    timestamptz,
    revoked_at timestamptz
);
CREATE INDEX agent_certificate_by_node ON agent_certificate (node_id);

CREATE TABLE app_user (
    id            text PRIMARY KEY CHECK (id ~ '^user_[a-z0-9]{12}$'),
    name          text NOT NULL UNIQUE,
    email         text NOT NULL,
    password_hash text NOT NULL,
    created_at    timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE login_attempt (
    subject      text NOT NULL,
    attempted_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX login_attempt_by_subject ON login_attempt (subject, attempted_at);

CREATE TABLE api_token (
    id           text PRIMARY KEY CHECK (id ~ '^token_[a-z0-9]{12}$'),
    user_id      text NOT NULL REFERENCES app_user,
    name         text NOT NULL,
    token_hash   bytea NOT NULL UNIQUE,
    created_at   timestamptz NOT NULL DEFAULT now(),
    last_used_at timestamptz
);

CREATE TABLE setting (
    key        text PRIMARY KEY,
    value      text NOT NULL,
    updated_at timestamptz NOT NULL DEFAULT now()
);

-- What is due when; a run is claimed by moving next_run_at.
CREATE TABLE schedule (
    id          text PRIMARY KEY,
    job_type    text NOT NULL,
    site_id     text REFERENCES site,
    node_id     text REFERENCES node,
    every       interval NOT NULL CHECK (every > interval '0'),
    next_run_at timestamptz NOT NULL,
    enabled     boolean NOT NULL DEFAULT true
);
CREATE INDEX schedule_due ON schedule (next_run_at) WHERE enabled;

CREATE TABLE audit_entry (
    id      bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    at      timestamptz NOT NULL DEFAULT now(),
    actor   text NOT NULL,
    action  text NOT NULL,
    target  text NOT NULL,
    outcome text NOT NULL,
    job_id  text,
    detail  text
);
CREATE INDEX audit_by_time ON audit_entry (id DESC);
CREATE FUNCTION refuse_rewriting_history() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the audit log is only appended to' USING ERRCODE = 'check_violation';
END $$;
CREATE TRIGGER audit_append_only BEFORE UPDATE OR DELETE ON audit_entry
    FOR EACH ROW EXECUTE FUNCTION refuse_rewriting_history();

-- Sessions of the dashboard, as Spring Session expects them.
CREATE TABLE spring_session (
    primary_id            char(36) NOT NULL PRIMARY KEY,
    session_id            char(36) NOT NULL,
    creation_time         bigint NOT NULL,
    last_access_time      bigint NOT NULL,
    max_inactive_interval integer NOT NULL,
    expiry_time           bigint NOT NULL,
    principal_name        varchar(100)
);
CREATE UNIQUE INDEX spring_session_ix1 ON spring_session (session_id);
CREATE INDEX spring_session_ix2 ON spring_session (expiry_time);
CREATE INDEX spring_session_ix3 ON spring_session (principal_name);
CREATE TABLE spring_session_attributes (
    session_primary_id char(36) NOT NULL REFERENCES spring_session (primary_id) ON DELETE CASCADE,
    attribute_name     varchar(200) NOT NULL,
    attribute_bytes    bytea NOT NULL,
    PRIMARY KEY (session_primary_id, attribute_name)
);
