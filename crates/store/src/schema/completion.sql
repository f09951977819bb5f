-- Completion: deficiencies, what happened to them, and when an encounter was last asked.

CREATE TABLE deficiency ( -- journaled
  deficiency BIGINT PRIMARY KEY,
  encounter BIGINT NOT NULL,
  patient BIGINT NOT NULL,
  kind TEXT NOT NULL CHECK (kind IN ('missing-document', 'missing-signature', 'missing-content')),
  document BIGINT,
  document_name TEXT NOT NULL,
  codes TEXT NOT NULL,
  rule TEXT,
  rule_version TEXT,
  procedure_id TEXT,
  citation TEXT NOT NULL,
  starts TEXT NOT NULL CHECK (starts IN ('admission', 'discharge', 'procedure', 'assignment')),
  allowed_unit TEXT NOT NULL CHECK (allowed_unit IN ('hours', 'days')),
  allowed BIGINT NOT NULL,
  event_at BIGINT,
  due_at BIGINT,
  opened_at BIGINT NOT NULL,
  assigned_at BIGINT NOT NULL,
  account BIGINT,
  provider TEXT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('pending', 'reassigned', 'rejected', 'declined',
    'completed', 'verified', 'waived')),
  shown_by BIGINT,
  closed_at BIGINT,
  changes BIGINT NOT NULL,
  changed_at BIGINT NOT NULL,
  unit BIGINT NOT NULL,
  body BYTEA NOT NULL,
  CHECK ((rule IS NULL) = (rule_version IS NULL)),
  CHECK (procedure_id IS NULL OR rule IS NOT NULL),
  CHECK (kind = 'missing-document' OR document IS NOT NULL),
  CHECK ((state IN ('verified', 'waived')) = (closed_at IS NOT NULL)),
  CHECK (state <> 'completed' OR account IS NOT NULL)
);
CREATE INDEX deficiency_state ON deficiency (state, due_at);
CREATE INDEX deficiency_account ON deficiency (account, state);
CREATE INDEX deficiency_encounter ON deficiency (encounter);

CREATE TABLE deficiency_event ( -- journaled
  deficiency_event BIGINT PRIMARY KEY,
  deficiency BIGINT NOT NULL,
  at BIGINT NOT NULL,
  actor TEXT NOT NULL,
  action TEXT NOT NULL,
  from_state TEXT NOT NULL,
  to_state TEXT NOT NULL,
  unit BIGINT NOT NULL,
  reason BYTEA NOT NULL
);
CREATE INDEX deficiency_event_of ON deficiency_event (deficiency, deficiency_event);

CREATE TABLE completion_review ( -- journaled
  encounter BIGINT PRIMARY KEY,
  at BIGINT NOT NULL,
  is_over BIGINT NOT NULL
);
CREATE INDEX completion_review_lasting ON completion_review (is_over, at);
