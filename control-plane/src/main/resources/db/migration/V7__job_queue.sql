-- A job moves four times before it ends. No index may name its state, or every move has to be written into all of them;
-- what indexes need of it is whether the job has ended.
ALTER TABLE job ADD COLUMN ended boolean NOT NULL
    GENERATED ALWAYS AS (state IN ('succeeded', 'failed', 'cancelled', 'rejected')) STORED;

-- The site that nobody else may change. A column of its own, because a condition of other columns is answered by any index
-- of unfinished jobs, even by one that has to be read from end to end.
ALTER TABLE job ADD COLUMN busy_site text GENERATED ALWAYS AS
    (CASE WHEN exclusive AND state NOT IN ('succeeded', 'failed', 'cancelled', 'rejected') THEN site_id END) STORED;

DROP INDEX one_unfinished_exclusive_job_per_site;
CREATE UNIQUE INDEX one_unfinished_exclusive_job_per_site ON job (busy_site) WHERE busy_site IS NOT NULL;

DROP INDEX job_queued;
DROP INDEX job_unfinished;
CREATE INDEX job_unfinished ON job (created_at) WHERE NOT ended;

-- Only a job that has failed was not undone.
DROP INDEX job_half_made;
CREATE INDEX job_half_made ON job (created_at) WHERE NOT undone;

-- Room in each page for the next states of its rows.
ALTER TABLE job SET (fillfactor = 30);

-- The primary key has the same order.
DROP INDEX audit_by_time;

-- A query for each move of each row is what moves cost most. The table of transitions stays what is written and read; this
-- says the same in an expression, and is made anew whenever the table changes.
CREATE FUNCTION say_what_is_legal() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    machines text;
BEGIN
    SELECT string_agg(format('WHEN %L THEN previous || ''>'' || next = ANY (%L::text[])', machine, moves), ' ') INTO machines
    FROM (SELECT machine, array_agg(from_state || '>' || to_state) AS moves FROM legal_transition GROUP BY machine) AS of_machine;
    EXECUTE format('CREATE OR REPLACE FUNCTION is_legal(machine text, previous text, next text) RETURNS boolean '
                   'IMMUTABLE LANGUAGE sql AS %L', 'SELECT CASE machine ' || coalesce(machines, 'WHEN NULL THEN false') || ' END');
    RETURN NULL;
END $$;
CREATE TRIGGER legal_transition_said AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON legal_transition
    FOR EACH STATEMENT EXECUTE FUNCTION say_what_is_legal();
UPDATE legal_transition SET machine = machine;

CREATE OR REPLACE FUNCTION refuse_illegal_transition() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    previous text := '';
BEGIN
    IF TG_OP = 'UPDATE' THEN
        previous := OLD.state;
        IF previous = NEW.state THEN
            RETURN NEW;
        END IF;
    END IF;
    IF is_legal(TG_ARGV[0], previous, NEW.state) IS NOT TRUE THEN
        RAISE EXCEPTION 'illegal transition of % from "%" to "%"', TG_ARGV[0], previous, NEW.state
            USING ERRCODE = 'check_violation', CONSTRAINT = 'legal_transition';
    END IF;
    RETURN NEW;
END $$;

-- One guard for all that an update may not do to a job: conditions of triggers are read anew for each statement, which
-- cost more than the update.
CREATE FUNCTION guard_job() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.event_count < OLD.event_count THEN
        RAISE EXCEPTION 'the history of job % does not change', OLD.id USING ERRCODE = 'check_violation';
    END IF;
    IF (NEW.id, NEW.type, NEW.exclusive, NEW.site_id, NEW.environment_id, NEW.fencing_token)
        IS DISTINCT FROM (OLD.id, OLD.type, OLD.exclusive, OLD.site_id, OLD.environment_id, OLD.fencing_token) THEN
        RAISE EXCEPTION 'the order of job % does not change', OLD.id USING ERRCODE = 'check_violation';
    END IF;
    IF NEW.state <> OLD.state AND is_legal('job', OLD.state, NEW.state) IS NOT TRUE THEN
        RAISE EXCEPTION 'illegal transition of job from "%" to "%"', OLD.state, NEW.state
            USING ERRCODE = 'check_violation', CONSTRAINT = 'legal_transition';
    END IF;
    IF OLD.ended AND (NEW.verdict, NEW.undone, NEW.failure_code, NEW.failure_message, NEW.failure_step, NEW.cancelled_by,
        NEW.payload, NEW.settled_at)
        IS DISTINCT FROM (OLD.verdict, OLD.undone, OLD.failure_code, OLD.failure_message, OLD.failure_step,
        OLD.cancelled_by, OLD.payload, OLD.settled_at) THEN
        RAISE EXCEPTION 'job % has ended', OLD.id USING ERRCODE = 'check_violation';
    END IF;
    IF OLD.verdict IS NOT NULL AND NEW.verdict IS DISTINCT FROM OLD.verdict THEN
        RAISE EXCEPTION 'the verdict of job % does not change', OLD.id USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
DROP TRIGGER job_transition ON job;
DROP TRIGGER job_history ON job;
DROP TRIGGER job_order ON job;
DROP TRIGGER job_unchanged_end ON job;
DROP TRIGGER job_verdict ON job;
DROP FUNCTION refuse_changing_the_order();
DROP FUNCTION refuse_changing_the_end();
CREATE TRIGGER job_begins BEFORE INSERT ON job FOR EACH ROW EXECUTE FUNCTION refuse_illegal_transition('job');
CREATE TRIGGER job_moves BEFORE UPDATE ON job FOR EACH ROW EXECUTE FUNCTION guard_job();
