-- A snapshot that is held open keeps the database from tidying up, and everything that queues becomes slower.
ALTER TABLE incident DROP CONSTRAINT incident_kind_check;
ALTER TABLE incident ADD CONSTRAINT incident_kind_check
    CHECK (kind IN ('agent_silent', 'job_stalled', 'job_waiting', 'change_half_made', 'snapshot_held'));
