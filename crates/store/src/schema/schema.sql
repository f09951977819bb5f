-- The whole schema, for both engines. SQLite reads INTEGER for BIGINT and BLOB for BYTEA.
--
-- Every table says in its first line what vouches for it:
--   journaled   each change of a row stands, as a hash, in the signed block of its commit;
--   projection  every row can be recomputed from the record, and `verify` does;
--   content     files under their own hash, which stands in a journaled row;
--   chain       the audit trail and its blocks, which vouch for the rest.

CREATE TABLE head ( -- chain
  one BIGINT PRIMARY KEY,
  next_id BIGINT NOT NULL,
  block BIGINT NOT NULL,
  block_hash BYTEA NOT NULL
);

CREATE TABLE audit_block ( -- chain
  block BIGINT PRIMARY KEY,
  at BIGINT NOT NULL,
  next_id BIGINT NOT NULL,
  previous_hash BYTEA NOT NULL,
  entries_hash BYTEA NOT NULL,
  changes BYTEA NOT NULL,
  block_hash BYTEA NOT NULL,
  signature BYTEA NOT NULL
);

CREATE TABLE audit_entry ( -- chain
  entry BIGINT PRIMARY KEY,
  block BIGINT NOT NULL,
  at BIGINT NOT NULL,
  actor TEXT NOT NULL,
  roles TEXT NOT NULL,
  purpose TEXT NOT NULL,
  action TEXT NOT NULL,
  outcome TEXT NOT NULL,
  target TEXT NOT NULL,
  patients TEXT NOT NULL,
  detail TEXT NOT NULL,
  request_id TEXT NOT NULL
);
CREATE INDEX audit_entry_block ON audit_entry (block);
CREATE INDEX audit_entry_actor ON audit_entry (actor, entry);

CREATE TABLE audit_patient ( -- projection
  patient BIGINT NOT NULL,
  entry BIGINT NOT NULL,
  PRIMARY KEY (patient, entry)
);

CREATE TABLE setting ( -- journaled
  name TEXT PRIMARY KEY,
  value TEXT NOT NULL
);

CREATE TABLE unit_key ( -- journaled
  unit BIGINT PRIMARY KEY,
  wrapped BYTEA,
  created_at BIGINT NOT NULL,
  destroyed_at BIGINT,
  CHECK ((wrapped IS NULL) = (destroyed_at IS NOT NULL))
);

CREATE TABLE patient ( -- journaled
  patient BIGINT PRIMARY KEY,
  fhir_id TEXT NOT NULL UNIQUE,
  unit BIGINT NOT NULL,
  created_at BIGINT NOT NULL
);

CREATE TABLE version ( -- journaled
  version BIGINT PRIMARY KEY,
  resource BIGINT NOT NULL,
  number BIGINT NOT NULL,
  unit BIGINT NOT NULL,
  at BIGINT NOT NULL,
  actor TEXT NOT NULL,
  action TEXT NOT NULL CHECK (action IN ('create', 'update', 'delete')),
  reason TEXT NOT NULL,
  sent_at BIGINT,
  content_hash BYTEA NOT NULL,
  source_hash BYTEA NOT NULL,
  body BYTEA NOT NULL,
  UNIQUE (resource, number)
);
CREATE INDEX version_unit ON version (unit);

CREATE TABLE resource ( -- projection
  resource BIGINT PRIMARY KEY,
  kind TEXT NOT NULL,
  fhir_id TEXT NOT NULL,
  version BIGINT NOT NULL,
  number BIGINT NOT NULL,
  patient BIGINT,
  encounter TEXT,
  own_labels BIGINT NOT NULL,
  labels BIGINT NOT NULL,
  deleted BIGINT NOT NULL,
  updated_at BIGINT NOT NULL,
  status TEXT,
  first_at BIGINT,
  last_at BIGINT,
  UNIQUE (kind, fhir_id)
);
CREATE INDEX resource_patient ON resource (patient, kind, first_at);
CREATE INDEX resource_updated ON resource (kind, updated_at, resource);
CREATE INDEX resource_date ON resource (kind, first_at, resource, last_at);
CREATE INDEX resource_encounter ON resource (encounter);
CREATE INDEX resource_version ON resource (version);

CREATE TABLE token ( -- projection
  digest BIGINT NOT NULL,
  resource BIGINT NOT NULL,
  PRIMARY KEY (digest, resource)
);
CREATE INDEX token_resource ON token (resource);

CREATE TABLE awaited ( -- projection
  digest BIGINT NOT NULL,
  resource BIGINT NOT NULL,
  PRIMARY KEY (digest, resource)
);
CREATE INDEX awaited_resource ON awaited (resource);

CREATE TABLE companion ( -- projection
  kind TEXT NOT NULL,
  fhir_id TEXT NOT NULL,
  resource BIGINT NOT NULL,
  PRIMARY KEY (kind, fhir_id, resource)
);
CREATE INDEX companion_resource ON companion (resource);

CREATE TABLE word ( -- projection
  word TEXT NOT NULL,
  resource BIGINT NOT NULL,
  PRIMARY KEY (word, resource)
);
CREATE INDEX word_resource ON word (resource);

CREATE TABLE patient_row ( -- projection
  patient BIGINT PRIMARY KEY,
  resource BIGINT NOT NULL,
  name TEXT NOT NULL,
  birth_date TEXT NOT NULL,
  sex TEXT NOT NULL,
  mrn TEXT NOT NULL,
  deceased BIGINT NOT NULL
);

CREATE TABLE patient_term ( -- projection
  term TEXT NOT NULL,
  patient BIGINT NOT NULL,
  PRIMARY KEY (term, patient)
);
CREATE INDEX patient_term_patient ON patient_term (patient);

CREATE TABLE encounter_row ( -- projection
  resource BIGINT PRIMARY KEY,
  class TEXT NOT NULL,
  class_before TEXT,
  class_since TEXT,
  started TEXT,
  ended TEXT,
  started_at BIGINT,
  ended_at BIGINT,
  disposition TEXT,
  service TEXT NOT NULL,
  facility TEXT NOT NULL,
  newborn BIGINT NOT NULL,
  planned BIGINT NOT NULL,
  transfer_in BIGINT NOT NULL
);
CREATE INDEX encounter_row_class ON encounter_row (class, started_at);

CREATE TABLE encounter_place ( -- projection
  resource BIGINT NOT NULL,
  number BIGINT NOT NULL,
  nursing_unit TEXT NOT NULL,
  since TEXT,
  PRIMARY KEY (resource, number)
);

CREATE TABLE coded_row ( -- projection
  resource BIGINT PRIMARY KEY,
  system TEXT NOT NULL,
  code TEXT NOT NULL
);
CREATE INDEX coded_row_code ON coded_row (system, code);

CREATE TABLE charge_row ( -- projection
  resource BIGINT PRIMARY KEY,
  cents BIGINT NOT NULL
);

CREATE TABLE label ( -- journaled
  label BIGINT PRIMARY KEY,
  patient BIGINT NOT NULL,
  resource BIGINT,
  class TEXT NOT NULL,
  source TEXT NOT NULL,
  at BIGINT NOT NULL,
  actor TEXT NOT NULL,
  ended_at BIGINT,
  ended_by TEXT,
  CHECK ((ended_at IS NULL) = (ended_by IS NULL))
);
CREATE INDEX label_patient ON label (patient);
CREATE INDEX label_resource ON label (resource);

CREATE TABLE patient_link ( -- journaled
  link BIGINT PRIMARY KEY,
  patient BIGINT NOT NULL,
  survivor BIGINT NOT NULL,
  at BIGINT NOT NULL,
  actor TEXT NOT NULL,
  reason BYTEA NOT NULL,
  ended_at BIGINT,
  ended_by TEXT,
  ended_reason BYTEA,
  CHECK ((ended_at IS NULL) = (ended_by IS NULL)),
  CHECK ((ended_at IS NULL) = (ended_reason IS NULL)),
  CHECK (patient <> survivor)
);
CREATE INDEX patient_link_patient ON patient_link (patient);
CREATE INDEX patient_link_survivor ON patient_link (survivor);

CREATE TABLE blob ( -- journaled
  blob BIGINT PRIMARY KEY,
  unit BIGINT NOT NULL,
  content_hash BYTEA NOT NULL,
  stored_hash BYTEA NOT NULL,
  size_bytes BIGINT NOT NULL,
  at BIGINT NOT NULL
);
CREATE INDEX blob_content_hash ON blob (content_hash);
CREATE INDEX blob_unit ON blob (unit);

CREATE TABLE document ( -- journaled
  document BIGINT PRIMARY KEY,
  public_id TEXT NOT NULL UNIQUE,
  blob BIGINT NOT NULL,
  media_type TEXT NOT NULL,
  name BYTEA NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('unindexed', 'indexed', 'set-aside')),
  resource BIGINT,
  received_at BIGINT NOT NULL,
  received_by TEXT NOT NULL,
  aside_reason TEXT,
  CHECK ((state = 'indexed') = (resource IS NOT NULL)),
  CHECK ((state = 'set-aside') = (aside_reason IS NOT NULL))
);
CREATE INDEX document_state ON document (state, received_at);
CREATE INDEX document_resource ON document (resource);

CREATE TABLE file_text ( -- journaled
  file_text BIGINT PRIMARY KEY,
  resource BIGINT NOT NULL,
  unit BIGINT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('read', 'refused')),
  body BYTEA NOT NULL,
  at BIGINT NOT NULL
);
CREATE INDEX file_text_resource ON file_text (resource);
CREATE INDEX file_text_unit ON file_text (unit);

CREATE TABLE person ( -- journaled
  person BIGINT PRIMARY KEY,
  login TEXT NOT NULL UNIQUE,
  name TEXT NOT NULL,
  password_hash TEXT NOT NULL,
  password_once BIGINT NOT NULL,
  totp_secret BYTEA,
  failures BIGINT NOT NULL,
  locked_until BIGINT,
  state TEXT NOT NULL CHECK (state IN ('active', 'suspended')),
  cleared BIGINT NOT NULL,
  practitioner TEXT,
  created_at BIGINT NOT NULL,
  expires_at BIGINT,
  password_until BIGINT,
  totp_step BIGINT
);

CREATE TABLE person_role ( -- journaled
  person BIGINT NOT NULL,
  role TEXT NOT NULL,
  PRIMARY KEY (person, role)
);

CREATE TABLE person_credential ( -- journaled
  person BIGINT NOT NULL,
  credential TEXT NOT NULL,
  number TEXT NOT NULL,
  expires_on TEXT NOT NULL,
  PRIMARY KEY (person, credential)
);

CREATE TABLE session ( -- journaled
  token_hash BYTEA PRIMARY KEY,
  person BIGINT NOT NULL,
  started_at BIGINT NOT NULL,
  seen_at BIGINT NOT NULL,
  ended_at BIGINT,
  ended_why TEXT,
  CHECK ((ended_at IS NULL) = (ended_why IS NULL))
);
CREATE INDEX session_person ON session (person);

CREATE TABLE client ( -- journaled
  client BIGINT PRIMARY KEY,
  name TEXT NOT NULL UNIQUE,
  token_hash BYTEA NOT NULL UNIQUE,
  role TEXT NOT NULL,
  scopes TEXT NOT NULL,
  cleared BIGINT NOT NULL,
  created_at BIGINT NOT NULL,
  ended_at BIGINT
);

CREATE TABLE glass ( -- journaled
  glass BIGINT PRIMARY KEY,
  person BIGINT NOT NULL,
  patient BIGINT NOT NULL,
  reason TEXT NOT NULL,
  at BIGINT NOT NULL,
  until BIGINT NOT NULL,
  reviewed_at BIGINT,
  reviewed_by BIGINT,
  outcome TEXT CHECK (outcome IS NULL OR outcome IN ('appropriate', 'inappropriate')),
  note TEXT,
  CHECK ((reviewed_at IS NULL) = (outcome IS NULL))
);
CREATE INDEX glass_person ON glass (person, until);

CREATE TABLE facility ( -- journaled
  facility BIGINT PRIMARY KEY,
  name TEXT NOT NULL,
  time_zone TEXT NOT NULL,
  mrn_system TEXT NOT NULL,
  next_mrn BIGINT NOT NULL
);

CREATE TABLE nursing_unit ( -- journaled
  nursing_unit BIGINT PRIMARY KEY,
  facility BIGINT NOT NULL,
  name TEXT NOT NULL,
  beds BIGINT NOT NULL,
  bassinets BIGINT NOT NULL,
  from_date TEXT NOT NULL,
  until_date TEXT
);

CREATE TABLE draft ( -- journaled
  draft BIGINT PRIMARY KEY,
  person BIGINT NOT NULL,
  form TEXT NOT NULL,
  unit BIGINT NOT NULL,
  body BYTEA NOT NULL,
  saved_at BIGINT NOT NULL,
  UNIQUE (person, form)
);

CREATE TABLE work_item ( -- journaled
  work_item BIGINT PRIMARY KEY,
  kind TEXT NOT NULL,
  subject BIGINT NOT NULL,
  patient BIGINT,
  role TEXT NOT NULL,
  assigned_to BIGINT,
  opened_at BIGINT NOT NULL,
  due_at BIGINT,
  reason TEXT NOT NULL,
  stat BIGINT,
  waiting_cents BIGINT,
  state TEXT NOT NULL CHECK (state IN ('open', 'done', 'cancelled')),
  closed_at BIGINT,
  closed_by TEXT,
  CHECK ((state = 'open') = (closed_at IS NULL))
);
CREATE INDEX work_item_open ON work_item (state, role, due_at);
CREATE INDEX work_item_subject ON work_item (kind, subject);

CREATE TABLE job ( -- journaled
  job BIGINT PRIMARY KEY,
  kind TEXT NOT NULL,
  idempotency_key TEXT NOT NULL UNIQUE,
  body TEXT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('ready', 'leased', 'done', 'failed')),
  not_before BIGINT NOT NULL,
  leased_until BIGINT,
  attempts BIGINT NOT NULL,
  last_error TEXT,
  CHECK ((state = 'leased') = (leased_until IS NOT NULL))
);
CREATE INDEX job_ready ON job (state, not_before);

CREATE TABLE outbox ( -- journaled
  message BIGINT PRIMARY KEY,
  idempotency_key TEXT NOT NULL UNIQUE,
  destination TEXT NOT NULL,
  unit BIGINT NOT NULL,
  body BYTEA NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('ready', 'leased', 'sent', 'failed')),
  leased_until BIGINT,
  attempts BIGINT NOT NULL,
  at BIGINT NOT NULL
);

CREATE TABLE destruction ( -- journaled
  destruction BIGINT PRIMARY KEY,
  unit BIGINT NOT NULL,
  at BIGINT NOT NULL,
  actor TEXT NOT NULL,
  witness TEXT NOT NULL,
  method TEXT NOT NULL,
  statement TEXT NOT NULL,
  versions_count BIGINT NOT NULL,
  blobs_count BIGINT NOT NULL
);

CREATE TABLE hold ( -- journaled
  hold BIGINT PRIMARY KEY,
  patient BIGINT NOT NULL,
  reason TEXT NOT NULL,
  at BIGINT NOT NULL,
  actor TEXT NOT NULL,
  ended_at BIGINT,
  ended_by TEXT,
  CHECK ((ended_at IS NULL) = (ended_by IS NULL))
);
CREATE INDEX hold_patient ON hold (patient);

CREATE TABLE blob_content ( -- content
  stored_hash BYTEA PRIMARY KEY,
  body BYTEA NOT NULL
);
