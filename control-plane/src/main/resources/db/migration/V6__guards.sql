-- What no statement may do, whoever sends it.

-- What a job is never changes, what was decided stands, and its history is not taken back. The conditions cost next to
-- nothing where they do not hold.
CREATE FUNCTION refuse_changing_the_order() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the % of job % does not change', TG_ARGV[0], OLD.id USING ERRCODE = 'check_violation';
END $$;
CREATE TRIGGER job_order BEFORE UPDATE ON job FOR EACH ROW
    WHEN ((NEW.id, NEW.type, NEW.exclusive, NEW.site_id, NEW.environment_id, NEW.fencing_token)
        IS DISTINCT FROM (OLD.id, OLD.type, OLD.exclusive, OLD.site_id, OLD.environment_id, OLD.fencing_token))
    EXECUTE FUNCTION refuse_changing_the_order('order');
CREATE TRIGGER job_verdict BEFORE UPDATE ON job FOR EACH ROW
    WHEN (OLD.verdict IS NOT NULL AND NEW.verdict IS DISTINCT FROM OLD.verdict)
    EXECUTE FUNCTION refuse_changing_the_order('verdict');
CREATE TRIGGER job_history BEFORE UPDATE ON job FOR EACH ROW
    WHEN (NEW.event_count < OLD.event_count) EXECUTE FUNCTION refuse_changing_the_order('history');

-- The state says whether a job has ended, not a column that could be cleared. The table of
-- transitions speaks first: triggers run in the order of their names.
CREATE OR REPLACE FUNCTION refuse_changing_the_end() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (NEW.verdict, NEW.undone, NEW.failure_code, NEW.failure_message, NEW.failure_step, NEW.cancelled_by,
        NEW.payload, NEW.settled_at)
        IS DISTINCT FROM (OLD.verdict, OLD.undone, OLD.failure_code, OLD.failure_message, OLD.failure_step,
        OLD.cancelled_by, OLD.payload, OLD.settled_at) THEN
        RAISE EXCEPTION 'job % has ended', OLD.id USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
DROP TRIGGER job_end ON job;
CREATE TRIGGER job_unchanged_end BEFORE UPDATE ON job FOR EACH ROW
    WHEN (OLD.state IN ('succeeded', 'failed', 'cancelled', 'rejected')) EXECUTE FUNCTION refuse_changing_the_end();

-- A site is not freed by removing what holds it.
CREATE FUNCTION refuse_removing_unfinished_job() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'job % is unfinished', OLD.id USING ERRCODE = 'check_violation';
END $$;
CREATE TRIGGER job_kept BEFORE DELETE ON job FOR EACH ROW
    WHEN (OLD.state NOT IN ('succeeded', 'failed', 'cancelled', 'rejected'))
    EXECUTE FUNCTION refuse_removing_unfinished_job();

CREATE FUNCTION refuse_removing_what_is_under_way() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM job WHERE id = OLD.job_id
               AND state NOT IN ('succeeded', 'failed', 'cancelled', 'rejected')) THEN
        RAISE EXCEPTION 'job % is unfinished', OLD.job_id USING ERRCODE = 'check_violation';
    END IF;
    RETURN OLD;
END $$;
CREATE TRIGGER job_part_kept BEFORE DELETE ON job_part
    FOR EACH ROW EXECUTE FUNCTION refuse_removing_what_is_under_way();
CREATE TRIGGER job_event_kept BEFORE DELETE ON job_event
    FOR EACH ROW EXECUTE FUNCTION refuse_removing_what_is_under_way();

-- What history and fences say is not unsaid; TRUNCATE fires no row trigger.
CREATE FUNCTION refuse_rewriting() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'rows of % are only added to', TG_TABLE_NAME USING ERRCODE = 'check_violation';
END $$;
CREATE TRIGGER job_event_unchanged BEFORE UPDATE ON job_event FOR EACH ROW EXECUTE FUNCTION refuse_rewriting();
CREATE TRIGGER fence_kept BEFORE DELETE ON fence FOR EACH ROW EXECUTE FUNCTION refuse_rewriting();
CREATE TRIGGER fence_not_emptied BEFORE TRUNCATE ON fence FOR EACH STATEMENT EXECUTE FUNCTION refuse_rewriting();
CREATE TRIGGER job_not_emptied BEFORE TRUNCATE ON job FOR EACH STATEMENT EXECUTE FUNCTION refuse_rewriting();
CREATE TRIGGER job_part_not_emptied BEFORE TRUNCATE ON job_part FOR EACH STATEMENT EXECUTE FUNCTION refuse_rewriting();
CREATE TRIGGER job_event_not_emptied BEFORE TRUNCATE ON job_event FOR EACH STATEMENT EXECUTE FUNCTION refuse_rewriting();
CREATE TRIGGER audit_not_emptied BEFORE TRUNCATE ON audit_entry
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_rewriting_history();
