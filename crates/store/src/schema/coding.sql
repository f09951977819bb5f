-- Coding: the work on an encounter, its versions and what happened to it.

CREATE TABLE coding_work ( -- journaled
  coding_work BIGINT PRIMARY KEY,
  encounter BIGINT NOT NULL UNIQUE,
  patient BIGINT NOT NULL,
  setting TEXT NOT NULL CHECK (setting IN ('inpatient', 'outpatient')),
  started_on TEXT NOT NULL,
  ended_on TEXT NOT NULL,
  due_at BIGINT NOT NULL,
  state TEXT NOT NULL,
  hold_reason TEXT,
  coder BIGINT,
  versions_count BIGINT NOT NULL,
  finalized_at BIGINT,
  revision BIGINT NOT NULL,
  saved_by TEXT NOT NULL,
  saved_at BIGINT NOT NULL,
  unit BIGINT NOT NULL,
  draft BYTEA,
  CHECK (state IN ('waiting', 'in-progress', 'on-hold', 'final', 'reopened')),
  CHECK ((state = 'on-hold') = (hold_reason IS NOT NULL)),
  CHECK (state <> 'waiting' OR (draft IS NULL AND versions_count = 0)),
  CHECK (state NOT IN ('final', 'reopened') OR versions_count > 0),
  CHECK ((state = 'final') = (finalized_at IS NOT NULL))
);
CREATE INDEX coding_work_state ON coding_work (state, setting, due_at);
CREATE INDEX coding_work_patient ON coding_work (patient);

CREATE TABLE coding_version ( -- journaled
  coding_version BIGINT PRIMARY KEY,
  coding_work BIGINT NOT NULL,
  number BIGINT NOT NULL,
  at BIGINT NOT NULL,
  actor TEXT NOT NULL,
  unit BIGINT NOT NULL,
  body BYTEA NOT NULL,
  UNIQUE (coding_work, number)
);

CREATE TABLE coding_event ( -- journaled
  coding_event BIGINT PRIMARY KEY,
  coding_work BIGINT NOT NULL,
  at BIGINT NOT NULL,
  actor TEXT NOT NULL,
  from_state TEXT NOT NULL,
  to_state TEXT NOT NULL,
  unit BIGINT NOT NULL,
  reason BYTEA NOT NULL
);
CREATE INDEX coding_event_work ON coding_event (coding_work, coding_event);
