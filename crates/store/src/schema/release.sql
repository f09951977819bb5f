-- The tables of the release desk: requests, letters, disclosures, accountings.

CREATE TABLE release_request ( -- journaled
  release_request BIGINT PRIMARY KEY,
  number TEXT NOT NULL UNIQUE,
  patient BIGINT,
  document BIGINT,
  requester_kind TEXT NOT NULL,
  channel TEXT NOT NULL,
  received_on TEXT NOT NULL,
  basis TEXT,
  due_on TEXT,
  state TEXT NOT NULL,
  validated_on TEXT,
  items_count BIGINT NOT NULL,
  packet_hash BYTEA,
  fee_cents BIGINT,
  denial_ground TEXT,
  held_at BIGINT,
  logged_at BIGINT NOT NULL,
  logged_by TEXT NOT NULL,
  delivered_at BIGINT,
  ended_at BIGINT,
  revision BIGINT NOT NULL,
  changed_at BIGINT NOT NULL,
  changed_by TEXT NOT NULL,
  unit BIGINT NOT NULL,
  body BYTEA NOT NULL,
  CHECK (state IN ('received', 'identified', 'on-hold', 'validated', 'selected',
    'sensitive-review', 'redaction', 'quality-check', 'invoiced', 'ready', 'delivered', 'closed',
    'denied', 'returned', 'cancelled')),
  CHECK (patient IS NOT NULL OR state IN ('received', 'on-hold', 'denied', 'returned',
    'cancelled')),
  CHECK ((basis IS NOT NULL AND validated_on IS NOT NULL) OR state NOT IN ('validated', 'selected',
    'sensitive-review', 'redaction', 'quality-check', 'invoiced', 'ready', 'delivered', 'closed')),
  CHECK (items_count > 0 OR state NOT IN ('selected', 'sensitive-review', 'redaction',
    'quality-check', 'invoiced', 'ready', 'delivered', 'closed')),
  CHECK (packet_hash IS NOT NULL OR state NOT IN ('invoiced', 'ready', 'delivered', 'closed')),
  CHECK (state <> 'invoiced' OR (fee_cents IS NOT NULL AND fee_cents > 0)),
  CHECK ((state = 'on-hold') = (held_at IS NOT NULL)),
  CHECK ((state = 'denied') = (denial_ground IS NOT NULL)),
  CHECK (state <> 'denied' OR basis IS NOT NULL),
  CHECK ((state IN ('delivered', 'closed')) = (delivered_at IS NOT NULL)),
  CHECK ((state IN ('closed', 'denied', 'returned', 'cancelled')) = (ended_at IS NOT NULL))
);
CREATE INDEX release_request_state ON release_request (state, due_on);
CREATE INDEX release_request_patient ON release_request (patient);

CREATE TABLE release_event ( -- journaled
  release_event BIGINT PRIMARY KEY,
  release_request BIGINT NOT NULL,
  at BIGINT NOT NULL,
  actor TEXT NOT NULL,
  action TEXT,
  from_state TEXT,
  to_state TEXT NOT NULL,
  unit BIGINT NOT NULL,
  reason BYTEA NOT NULL,
  CHECK ((action IS NULL) = (from_state IS NULL))
);
CREATE INDEX release_event_request ON release_event (release_request, release_event);

CREATE TABLE release_document ( -- journaled
  release_document BIGINT PRIMARY KEY,
  release_request BIGINT NOT NULL,
  resource BIGINT NOT NULL,
  place BIGINT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('chosen', 'withheld', 'denied', 'taken-out')),
  reason TEXT,
  citation TEXT,
  decided_at BIGINT NOT NULL,
  decided_by TEXT NOT NULL,
  UNIQUE (release_request, resource),
  CHECK ((state IN ('withheld', 'denied')) = (reason IS NOT NULL)),
  CHECK ((reason IS NULL) = (citation IS NULL))
);

CREATE TABLE release_letter ( -- journaled
  release_letter BIGINT PRIMARY KEY,
  release_request BIGINT,
  patient BIGINT,
  kind TEXT NOT NULL CHECK (kind IN ('missing', 'denied', 'reviewed', 'extended', 'invoice',
    'accounting', 'returned')),
  at BIGINT NOT NULL,
  actor TEXT NOT NULL,
  unit BIGINT NOT NULL,
  body BYTEA NOT NULL,
  sent_at BIGINT,
  sent_by TEXT,
  CHECK ((sent_at IS NULL) = (sent_by IS NULL))
);
CREATE INDEX release_letter_request ON release_letter (release_request, release_letter);

CREATE TABLE disclosure ( -- journaled
  disclosure BIGINT PRIMARY KEY,
  patient BIGINT NOT NULL,
  release_request BIGINT,
  on_date TEXT NOT NULL,
  basis TEXT NOT NULL,
  at BIGINT NOT NULL,
  actor TEXT NOT NULL,
  unit BIGINT NOT NULL,
  body BYTEA NOT NULL
);
CREATE INDEX disclosure_patient ON disclosure (patient, on_date);

CREATE TABLE disclosure_suspension ( -- journaled
  disclosure_suspension BIGINT PRIMARY KEY,
  disclosure BIGINT NOT NULL,
  kind TEXT NOT NULL CHECK (kind IN ('oral', 'written')),
  from_date TEXT NOT NULL,
  until_date TEXT,
  agency TEXT NOT NULL,
  at BIGINT NOT NULL,
  actor TEXT NOT NULL,
  CHECK ((kind = 'written') = (until_date IS NOT NULL))
);
CREATE INDEX disclosure_suspension_disclosure ON disclosure_suspension (disclosure);

CREATE TABLE accounting ( -- journaled
  accounting BIGINT PRIMARY KEY,
  patient BIGINT NOT NULL,
  requested_on TEXT NOT NULL,
  from_date TEXT,
  due_on TEXT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('asked', 'given')),
  at BIGINT NOT NULL,
  actor TEXT NOT NULL,
  letter BIGINT,
  given_at BIGINT,
  given_by TEXT,
  CHECK ((state = 'given') = (given_at IS NOT NULL)),
  CHECK ((given_at IS NULL) = (given_by IS NULL)),
  CHECK ((given_at IS NULL) = (letter IS NULL))
);
CREATE INDEX accounting_patient ON accounting (patient, requested_on);
