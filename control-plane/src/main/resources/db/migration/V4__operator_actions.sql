-- What operators may do to a job that is under way.
ALTER TABLE job ADD COLUMN cancelled_by text;

-- Repeats by the control plane itself, after a pause.
ALTER TABLE job ADD COLUMN attempt integer NOT NULL DEFAULT 1 CHECK (attempt > 0);
ALTER TABLE job ADD COLUMN not_before timestamptz;
CREATE INDEX job_by_retry ON job (retry_of) WHERE retry_of IS NOT NULL;

-- A job that is told to end without its change decides on undo, and counts as cancelled once nothing is left of it.
INSERT INTO legal_transition (machine, from_state, to_state) VALUES ('job', 'verifying', 'cancelled');
