-- Lists of jobs begin with the newest; without it each of them sorts every job there ever was.
CREATE INDEX job_newest ON job (created_at DESC, id DESC);
