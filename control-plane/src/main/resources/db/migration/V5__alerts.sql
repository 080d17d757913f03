INSERT INTO legal_transition (machine, from_state, to_state) VALUES
    ('incident', '', 'gathering'), ('incident', 'gathering', 'open'), ('incident', 'open', 'cleared'),

    ('alert_delivery', '', 'pending'), ('alert_delivery', 'pending', 'sending'),
    ('alert_delivery', 'sending', 'sent'), ('alert_delivery', 'sending', 'pending'),
    ('alert_delivery', 'sending', 'given_up');

-- What somebody should know of. However many nodes or jobs it is about at once, it is one.
CREATE TABLE incident (
    id         text PRIMARY KEY CHECK (id ~ '^incident_[a-z0-9]{12}$'),
    kind       text NOT NULL CHECK (kind IN ('agent_silent', 'job_stalled', 'job_waiting', 'change_half_made')),
    state      text NOT NULL,
    began_at   timestamptz NOT NULL DEFAULT now(),
    -- When the first of its members came to be what it is.
    since      timestamptz NOT NULL DEFAULT now(),
    changed_at timestamptz NOT NULL DEFAULT now(),
    opened_at  timestamptz,
    -- Since when it has had no member.
    calm_since timestamptz,
    cleared_at timestamptz,
    most       integer NOT NULL DEFAULT 0,
    CHECK ((state <> 'gathering') = (opened_at IS NOT NULL)),
    CHECK ((state = 'cleared') = (cleared_at IS NOT NULL))
);
CREATE UNIQUE INDEX one_incident_per_kind ON incident (kind) WHERE state <> 'cleared';
CREATE INDEX incident_cleared ON incident (cleared_at DESC, id) WHERE state = 'cleared';
CREATE TRIGGER incident_transition BEFORE INSERT OR UPDATE OF state ON incident
    FOR EACH ROW EXECUTE FUNCTION refuse_illegal_transition('incident');

-- The nodes or jobs that an incident is or was about, with the names they had then.
CREATE TABLE incident_member (
    incident_id text NOT NULL REFERENCES incident ON DELETE CASCADE,
    subject     text NOT NULL,
    name        text NOT NULL,
    since       timestamptz NOT NULL,
    gone_at     timestamptz,
    PRIMARY KEY (incident_id, subject)
);

-- Messages that are to leave the house, each once per channel.
CREATE TABLE alert_delivery (
    id          text PRIMARY KEY CHECK (id ~ '^delivery_[a-z0-9]{12}$'),
    incident_id text NOT NULL REFERENCES incident ON DELETE CASCADE,
    message     text NOT NULL CHECK (message IN ('opened', 'cleared')),
    channel     text NOT NULL CHECK (channel IN ('webhook', 'email')),
    state       text NOT NULL,
    -- What is said, as it was when it was written down.
    notice      jsonb NOT NULL,
    attempts    integer NOT NULL DEFAULT 0,
    -- Who sends it has it to itself until then; after a failure the next attempt is made then.
    not_before  timestamptz NOT NULL DEFAULT now(),
    code        text,
    settled_at  timestamptz,
    UNIQUE (incident_id, message, channel)
);
CREATE INDEX alert_delivery_due ON alert_delivery (channel, not_before) WHERE state IN ('pending', 'sending');
CREATE TRIGGER alert_delivery_transition BEFORE INSERT OR UPDATE OF state ON alert_delivery
    FOR EACH ROW EXECUTE FUNCTION refuse_illegal_transition('alert_delivery');

-- Looked for every few seconds.
CREATE INDEX job_half_made ON job (created_at) WHERE state = 'failed' AND NOT undone;
