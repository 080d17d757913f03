-- What operators may do to a job that is under way.
ALTER TABLE job ADD COLUMN cancelled_by text;

-- Repeats by the control plane itself, after a pause.
ALTER TABLE job ADD COLUMN attempt integer NOT NULL DEFAULT 1 CHECK (attempt > 0);
ALTER TABLE job ADD COLUMN not_before timestamptz;
CREATE INDEX job_by_retry ON job (retry_of) WHERE retry_of IS NOT NULL;

-- A job that is told to end without its change decides on undo, and counts as cancelled once nothing is left of it.
INSERT INTO legal_transition (machine, from_state, to_state) VALUES
    ('job', 'verifying', 'cancelled'), ('job', 'stalled', 'cancelled');

-- Pieces of the log are followed live; an event names the piece.
ALTER TABLE job_event DROP CONSTRAINT job_event_kind_check;
ALTER TABLE job_event ADD CONSTRAINT job_event_kind_check CHECK (kind IN ('job', 'step', 'log'));

-- How far each node's agent is with its part; empty for what the control plane does itself.
INSERT INTO legal_transition (machine, from_state, to_state) VALUES
    ('job_part', '', 'waiting'),
    ('job_part', 'waiting', 'dispatched'), ('job_part', 'waiting', 'undone'),
    ('job_part', 'dispatched', 'running'), ('job_part', 'dispatched', 'undone'), ('job_part', 'dispatched', 'undo_failed'),
    ('job_part', 'running', 'applied'), ('job_part', 'running', 'undone'), ('job_part', 'running', 'undo_failed'),
    ('job_part', 'applied', 'committed'), ('job_part', 'applied', 'undone'), ('job_part', 'applied', 'undo_failed');

ALTER TABLE job_part ADD COLUMN state text;
UPDATE job_part p SET state = CASE j.state
        WHEN 'queued' THEN 'waiting'
        WHEN 'dispatched' THEN 'dispatched'
        WHEN 'verifying' THEN 'applied'
        WHEN 'succeeded' THEN 'committed'
        WHEN 'failed' THEN CASE WHEN j.undone THEN 'undone' ELSE 'undo_failed' END
        WHEN 'cancelled' THEN 'undone'
        WHEN 'rejected' THEN 'undone'
        ELSE 'running' END
    FROM job j WHERE j.id = p.job_id AND j.worker IS NULL AND j.type NOT IN ('node_provision', 'node_decommission');
CREATE TRIGGER job_part_transition BEFORE INSERT OR UPDATE OF state ON job_part
    FOR EACH ROW WHEN (NEW.state IS NOT NULL) EXECUTE FUNCTION refuse_illegal_transition('job_part');
CREATE UNIQUE INDEX one_part_per_node ON job_part (job_id, node_id);
CREATE INDEX job_part_waiting ON job_part (node_id) WHERE state = 'waiting';
CREATE INDEX job_part_in_hand ON job_part (node_id) WHERE state IN ('dispatched', 'running', 'applied');

-- No success without proof: a worker's work proves itself by returning, an agent's by the recorded decision.
ALTER TABLE job ADD CONSTRAINT no_success_without_proof CHECK (state <> 'succeeded' OR (verdict IS NOT NULL AND verdict = 'commit'));
