-- Who may write, and read where reading wants a token. Of a token there is its BLAKE3 hash alone.
CREATE TABLE sitmap_tokens (
  id TEXT PRIMARY KEY NOT NULL,
  name TEXT NOT NULL,
  scope TEXT NOT NULL,
  hash TEXT NOT NULL UNIQUE,
  created DATETIME NOT NULL,
  -- The last day on which it is valid.
  expires DATE,
  revoked DATETIME
);
CREATE UNIQUE INDEX sitmap_tokens_name ON sitmap_tokens(name) WHERE revoked IS NULL;
