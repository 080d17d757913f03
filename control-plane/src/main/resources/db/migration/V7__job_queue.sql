-- A job moves four times before it ends. No index may name its state, or every move has to be written into all of them;
-- what indexes need of it is whether the job has ended.
ALTER TABLE job ADD COLUMN ended boolean NOT NULL
    GENERATED ALWAYS AS (state IN ('succeeded', 'failed', 'cancelled', 'rejected')) STORED;

DROP INDEX one_unfinished_exclusive_job_per_site;
CREATE UNIQUE INDEX one_unfinished_exclusive_job_per_site ON job (site_id)
    WHERE exclusive AND site_id IS NOT NULL AND NOT ended;

DROP INDEX job_queued;
DROP INDEX job_unfinished;
CREATE INDEX job_unfinished ON job (created_at) WHERE NOT ended;

-- Room in each page for the next states of its rows.
ALTER TABLE job SET (fillfactor = 50);
