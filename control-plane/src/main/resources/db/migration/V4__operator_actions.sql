-- What operators may do to a job that is under way.
ALTER TABLE job ADD COLUMN cancelled_by text;

-- A job that is told to end without its change decides on undo, and counts as cancelled once nothing is left of it.
INSERT INTO legal_transition (machine, from_state, to_state) VALUES ('job', 'verifying', 'cancelled');
