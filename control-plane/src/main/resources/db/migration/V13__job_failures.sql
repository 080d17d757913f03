-- What ended badly is looked for among all jobs there ever were. A job that succeeds never enters this index, and none of its
-- moves is written into it.
CREATE INDEX job_failures ON job (created_at) WHERE failure_code IS NOT NULL;
