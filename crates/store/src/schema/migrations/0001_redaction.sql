-- Redaction: marks on the documents of a request, their review, the packets made.

CREATE TABLE release_mark ( -- journaled
  release_mark BIGINT PRIMARY KEY,
  release_document BIGINT NOT NULL,
  part BIGINT NOT NULL,
  page BIGINT,
  box_left BIGINT,
  box_top BIGINT,
  box_width BIGINT,
  box_height BIGINT,
  span_start BIGINT,
  span_end BIGINT,
  content_hash BYTEA NOT NULL,
  finder TEXT NOT NULL CHECK (finder IN ('identifier', 'sensitive', 'same', 'search', 'hand')),
  reason TEXT NOT NULL,
  unit BIGINT NOT NULL,
  body BYTEA NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('proposed', 'confirmed', 'rejected')),
  at BIGINT NOT NULL,
  actor TEXT NOT NULL,
  decided_at BIGINT,
  decided_by TEXT,
  CHECK ((page IS NULL) = (span_start IS NOT NULL)),
  CHECK ((page IS NULL) = (box_left IS NULL)),
  CHECK ((span_start IS NULL) = (span_end IS NULL)),
  CHECK ((state = 'proposed') = (decided_by IS NULL)),
  CHECK ((decided_at IS NULL) = (decided_by IS NULL))
);
CREATE INDEX release_mark_document ON release_mark (release_document);

CREATE TABLE release_review ( -- journaled
  release_document BIGINT PRIMARY KEY,
  content_hash BYTEA NOT NULL,
  pages_count BIGINT NOT NULL,
  proposed_at BIGINT NOT NULL,
  reviewed_at BIGINT,
  reviewed_by TEXT,
  CHECK ((reviewed_at IS NULL) = (reviewed_by IS NULL))
);

CREATE TABLE release_packet ( -- journaled
  release_packet BIGINT PRIMARY KEY,
  release_request BIGINT NOT NULL,
  number BIGINT NOT NULL,
  blob BIGINT,
  content_hash BYTEA NOT NULL,
  pages_count BIGINT NOT NULL,
  leaks_count BIGINT NOT NULL,
  leak_places TEXT NOT NULL,
  has_part2_statement BIGINT NOT NULL CHECK (has_part2_statement IN (0, 1)),
  made_at BIGINT NOT NULL,
  made_by TEXT NOT NULL,
  checked_at BIGINT,
  checked_by TEXT,
  UNIQUE (release_request, number),
  CHECK ((blob IS NULL) = (leaks_count > 0)),
  CHECK ((checked_at IS NULL) = (checked_by IS NULL)),
  CHECK (checked_by IS NULL OR leaks_count = 0)
);
