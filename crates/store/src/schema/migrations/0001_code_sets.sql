-- Loads of code sets. Part of the whole schema.

CREATE TABLE code_set_load ( -- journaled
  code_set_load BIGINT PRIMARY KEY,
  layout TEXT NOT NULL,
  from_date TEXT NOT NULL,
  to_date TEXT NOT NULL,
  source_hash BYTEA NOT NULL UNIQUE,
  size_bytes BIGINT NOT NULL,
  blob BIGINT NOT NULL,
  entries_count BIGINT NOT NULL,
  added_count BIGINT NOT NULL,
  revised_count BIGINT NOT NULL,
  retired_count BIGINT NOT NULL,
  at BIGINT NOT NULL,
  actor TEXT NOT NULL
);
