-- Lawful destruction: each case with its states, and its events. Part of the whole schema.

CREATE TABLE destruction_case ( -- journaled
  destruction_case BIGINT PRIMARY KEY,
  patient BIGINT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('proposed', 'approved', 'destroyed', 'incomplete',
    'rejected', 'stopped')),
  kept_until TEXT NOT NULL,
  proposed_at BIGINT NOT NULL,
  changed_at BIGINT NOT NULL,
  destroyed_at BIGINT,
  newest BIGINT NOT NULL,
  changes BIGINT NOT NULL,
  body BYTEA NOT NULL,
  CHECK ((state IN ('destroyed', 'incomplete')) = (destroyed_at IS NOT NULL))
);
CREATE INDEX destruction_case_state ON destruction_case (state, destruction_case);
CREATE INDEX destruction_case_patient ON destruction_case (patient);

CREATE TABLE destruction_event ( -- journaled
  destruction_event BIGINT PRIMARY KEY,
  destruction_case BIGINT NOT NULL,
  at BIGINT NOT NULL,
  actor TEXT NOT NULL,
  from_state TEXT NOT NULL,
  to_state TEXT NOT NULL,
  reason BYTEA NOT NULL
);
CREATE INDEX destruction_event_case ON destruction_event (destruction_case, destruction_event);
