-- Loads of code sets. Part of the whole schema.

CREATE TABLE code_set_load ( -- journaled
  code_set_load BIGINT PRIMARY KEY,
  layout TEXT NOT NULL,
  from_date TEXT NOT NULL,
  to_date TEXT NOT NULL,
  source_hash BYTEA NOT NULL,
  size_bytes BIGINT NOT NULL,
  blob BIGINT NOT NULL,
  entries_count BIGINT NOT NULL,
  added_count BIGINT NOT NULL,
  revised_count BIGINT NOT NULL,
  retired_count BIGINT NOT NULL,
  at BIGINT NOT NULL,
  actor TEXT NOT NULL,
  withdrawn_at BIGINT,
  withdrawn_by TEXT,
  withdrawn_why TEXT,
  CHECK ((withdrawn_at IS NULL) = (withdrawn_by IS NULL)),
  CHECK ((withdrawn_at IS NULL) = (withdrawn_why IS NULL))
);
CREATE UNIQUE INDEX code_set_load_in_force ON code_set_load (source_hash)
  WHERE withdrawn_at IS NULL;

CREATE TABLE code_favourite ( -- journaled
  person BIGINT NOT NULL,
  system TEXT NOT NULL,
  code TEXT NOT NULL,
  at BIGINT NOT NULL,
  PRIMARY KEY (person, system, code)
);
