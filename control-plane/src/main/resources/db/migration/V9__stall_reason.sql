-- Why a stalled job stands still, for as long as it does.
ALTER TABLE job ADD COLUMN stall_reason text CHECK (stall_reason IN ('agent_silent', 'overdue', 'agent_lost_it'));
