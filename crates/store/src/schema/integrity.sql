-- The integrity desk: quality checks and verifications. Part of the whole schema.

CREATE TABLE quality_run ( -- journaled
  quality_run BIGINT PRIMARY KEY,
  cause TEXT NOT NULL CHECK (cause IN ('nightly', 'asked')),
  asked_at BIGINT NOT NULL,
  asked_by TEXT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('waiting', 'running', 'done', 'failed')),
  patients_count BIGINT NOT NULL,
  patients_done BIGINT NOT NULL,
  opened_count BIGINT NOT NULL,
  fixed_count BIGINT NOT NULL,
  finished_at BIGINT,
  failure TEXT,
  CHECK ((state IN ('done', 'failed')) = (finished_at IS NOT NULL)),
  CHECK ((state = 'failed') = (failure IS NOT NULL))
);
CREATE INDEX quality_run_state ON quality_run (state);

CREATE TABLE quality_count ( -- journaled
  quality_run BIGINT NOT NULL,
  check_name TEXT NOT NULL,
  failing_count BIGINT NOT NULL,
  judged_count BIGINT NOT NULL,
  PRIMARY KEY (quality_run, check_name)
);

CREATE TABLE quality_finding ( -- journaled
  quality_finding BIGINT PRIMARY KEY,
  check_name TEXT NOT NULL,
  resource BIGINT NOT NULL,
  patient BIGINT NOT NULL,
  sentence TEXT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('open', 'accepted', 'fixed')),
  accepted_until BIGINT,
  found_at BIGINT NOT NULL,
  changed_at BIGINT NOT NULL,
  changes BIGINT NOT NULL,
  quality_group BIGINT,
  UNIQUE (check_name, resource),
  CHECK ((state = 'accepted') = (accepted_until IS NOT NULL))
);
CREATE INDEX quality_finding_state ON quality_finding (state, check_name);
CREATE INDEX quality_finding_patient ON quality_finding (patient);
CREATE INDEX quality_finding_resource ON quality_finding (resource);
CREATE INDEX quality_finding_group ON quality_finding (quality_group);

CREATE TABLE quality_event ( -- journaled
  quality_event BIGINT PRIMARY KEY,
  quality_finding BIGINT NOT NULL,
  at BIGINT NOT NULL,
  actor TEXT NOT NULL,
  from_state TEXT NOT NULL,
  to_state TEXT NOT NULL,
  unit BIGINT NOT NULL,
  reason BYTEA NOT NULL
);
CREATE INDEX quality_event_finding ON quality_event (quality_finding);

CREATE TABLE verification_run ( -- journaled
  verification_run BIGINT PRIMARY KEY,
  cause TEXT NOT NULL CHECK (cause IN ('daily', 'asked')),
  asked_at BIGINT NOT NULL,
  asked_by TEXT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('waiting', 'running', 'done', 'failed')),
  stage TEXT NOT NULL,
  stage_done BIGINT NOT NULL,
  stage_total BIGINT NOT NULL,
  blocks_count BIGINT NOT NULL,
  rows_count BIGINT NOT NULL,
  resources_count BIGINT NOT NULL,
  files_count BIGINT NOT NULL,
  breaks_count BIGINT NOT NULL,
  breaks TEXT NOT NULL,
  finished_at BIGINT,
  reviewed_at BIGINT,
  reviewed_by TEXT,
  note TEXT,
  failure TEXT,
  CHECK ((state IN ('done', 'failed')) = (finished_at IS NOT NULL)),
  CHECK ((state = 'failed') = (failure IS NOT NULL)),
  CHECK ((reviewed_at IS NULL) = (reviewed_by IS NULL)),
  CHECK ((reviewed_at IS NULL) = (note IS NULL))
);
CREATE INDEX verification_run_state ON verification_run (state);
