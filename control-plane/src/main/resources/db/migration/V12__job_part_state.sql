-- A state that was there is not taken away: a part without one would count as committed. Only what the control plane does
-- itself never has one.
DROP TRIGGER job_part_transition ON job_part;
CREATE TRIGGER job_part_begins BEFORE INSERT ON job_part
    FOR EACH ROW WHEN (NEW.state IS NOT NULL) EXECUTE FUNCTION refuse_illegal_transition('job_part');
CREATE TRIGGER job_part_moves BEFORE UPDATE OF state ON job_part
    FOR EACH ROW WHEN (NEW.state IS DISTINCT FROM OLD.state) EXECUTE FUNCTION refuse_illegal_transition('job_part');
