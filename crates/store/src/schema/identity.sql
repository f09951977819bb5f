-- Identity: pairs of possible duplicates and what was decided of them.

CREATE TABLE duplicate_pair ( -- journaled
  duplicate_pair BIGINT PRIMARY KEY,
  low BIGINT NOT NULL,
  high BIGINT NOT NULL,
  probability_ppm BIGINT NOT NULL,
  evidence BYTEA NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('open', 'in-review', 'waiting', 'to-merge', 'merged',
    'different', 'withdrawn')),
  link BIGINT,
  waits_until BIGINT,
  body BYTEA NOT NULL,
  changes BIGINT NOT NULL,
  found_at BIGINT NOT NULL,
  changed_at BIGINT NOT NULL,
  UNIQUE (low, high),
  CHECK (low < high),
  CHECK ((state = 'merged') = (link IS NOT NULL)),
  CHECK ((state = 'waiting') = (waits_until IS NOT NULL))
);
CREATE INDEX duplicate_pair_state ON duplicate_pair (state, probability_ppm);
CREATE INDEX duplicate_pair_high ON duplicate_pair (high);

CREATE TABLE duplicate_event ( -- journaled
  duplicate_event BIGINT PRIMARY KEY,
  duplicate_pair BIGINT NOT NULL,
  at BIGINT NOT NULL,
  actor TEXT NOT NULL,
  from_state TEXT NOT NULL,
  to_state TEXT NOT NULL,
  reason BYTEA NOT NULL
);
CREATE INDEX duplicate_event_pair ON duplicate_event (duplicate_pair);
