-- Imports: what was taken in, from where, and what was found wrong with it.

CREATE TABLE alias ( -- journaled
  alias TEXT PRIMARY KEY,
  kind TEXT NOT NULL,
  fhir_id TEXT NOT NULL
);

CREATE TABLE import_run ( -- journaled
  run BIGINT PRIMARY KEY,
  at BIGINT NOT NULL,
  actor TEXT NOT NULL,
  summary TEXT NOT NULL,
  ended_at BIGINT
);

CREATE TABLE import_path ( -- journaled
  path BIGINT PRIMARY KEY,
  run BIGINT NOT NULL,
  patient BIGINT,
  body BYTEA NOT NULL
);
CREATE INDEX import_path_run ON import_path (run);

CREATE TABLE import_file ( -- journaled
  file BIGINT PRIMARY KEY,
  run BIGINT NOT NULL,
  name BYTEA NOT NULL,
  kind TEXT NOT NULL,
  source_hash BYTEA NOT NULL,
  blob BIGINT
);
CREATE INDEX import_file_hash ON import_file (source_hash);

CREATE TABLE import_finding ( -- journaled
  finding BIGINT PRIMARY KEY,
  run BIGINT NOT NULL,
  line BIGINT NOT NULL,
  kind TEXT NOT NULL,
  resource BIGINT,
  body BYTEA NOT NULL
);
CREATE INDEX import_finding_run ON import_finding (run);
