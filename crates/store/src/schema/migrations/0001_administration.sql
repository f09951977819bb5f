-- Rules as data, and who is away; see schema.sql for what the words beside tables mean.

CREATE TABLE rule ( -- journaled
  rule BIGINT PRIMARY KEY,
  kind TEXT NOT NULL CHECK (kind IN ('checklist', 'clock', 'fee-schedule', 'retention',
    'completion', 'queue', 'setting')),
  name TEXT NOT NULL,
  version BIGINT NOT NULL,
  jurisdiction TEXT NOT NULL,
  citation TEXT NOT NULL,
  from_date TEXT NOT NULL,
  until_date TEXT,
  effect TEXT NOT NULL CHECK (effect IN ('set', 'off', 'shipped')),
  content TEXT,
  reason TEXT NOT NULL,
  entered_at BIGINT NOT NULL,
  entered_by TEXT NOT NULL,
  UNIQUE (kind, name, version),
  CHECK ((effect = 'set') = (content IS NOT NULL)),
  CHECK (until_date IS NULL OR until_date >= from_date)
);

CREATE TABLE absence ( -- journaled
  absence BIGINT PRIMARY KEY,
  person BIGINT NOT NULL,
  from_date TEXT NOT NULL,
  until_date TEXT NOT NULL,
  entered_at BIGINT NOT NULL,
  entered_by TEXT NOT NULL,
  ended_at BIGINT,
  ended_by TEXT,
  CHECK (until_date >= from_date),
  CHECK ((ended_at IS NULL) = (ended_by IS NULL))
);
CREATE INDEX absence_until ON absence (until_date);
