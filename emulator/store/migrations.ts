/**
 * The store's schema, with one entry per version, in the order in which they are applied. `user_version` counts the
 * applied entries. Never change a released entry. Add a new entry instead.
 */
export const migrations: readonly string[] = [
  `
  CREATE TABLE keys (
    seq     INTEGER PRIMARY KEY,
    account TEXT NOT NULL,
    region  TEXT NOT NULL,
    key_id  TEXT NOT NULL,
    record  TEXT NOT NULL,
    -- The next moment (ms since 1970) at which time alone changes this key: a deletion or a rotation.
    due_ms  INTEGER,
    UNIQUE (account, region, key_id)
  ) STRICT;
  CREATE INDEX keys_by_page ON keys (account, region, seq);
  CREATE INDEX keys_by_due ON keys (due_ms) WHERE due_ms IS NOT NULL;

  CREATE TABLE materials (
    seq         INTEGER PRIMARY KEY,
    key_seq     INTEGER NOT NULL REFERENCES keys (seq) ON DELETE CASCADE,
    -- 32 bytes; the replicas of one multi-Region key share it.
    material_id BLOB NOT NULL,
    sealed      BLOB,
    record      TEXT NOT NULL,
    UNIQUE (key_seq, material_id)
  ) STRICT;
  CREATE INDEX materials_by_id ON materials (material_id);

  CREATE TABLE aliases (
    account    TEXT NOT NULL,
    region     TEXT NOT NULL,
    name       TEXT NOT NULL,
    key_id     TEXT NOT NULL,
    created_ms INTEGER NOT NULL,
    updated_ms INTEGER NOT NULL,
    PRIMARY KEY (account, region, name)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX aliases_by_key ON aliases (account, region, key_id, name);

  CREATE TABLE policies (
    key_seq INTEGER PRIMARY KEY REFERENCES keys (seq) ON DELETE CASCADE,
    policy  TEXT NOT NULL
  ) STRICT;

  CREATE TABLE tags (
    key_seq   INTEGER NOT NULL REFERENCES keys (seq) ON DELETE CASCADE,
    tag_key   TEXT NOT NULL,
    tag_value TEXT NOT NULL,
    PRIMARY KEY (key_seq, tag_key)
  ) STRICT, WITHOUT ROWID;
  `,
  `
  CREATE TABLE grants (
    seq      INTEGER PRIMARY KEY,
    key_seq  INTEGER NOT NULL REFERENCES keys (seq) ON DELETE CASCADE,
    grant_id TEXT NOT NULL,
    record   TEXT NOT NULL,
    UNIQUE (key_seq, grant_id)
  ) STRICT;
  CREATE INDEX grants_by_key ON grants (key_seq, seq);
  CREATE INDEX grants_by_name ON grants (key_seq, record ->> 'Name') WHERE record ->> 'Name' IS NOT NULL;
  CREATE INDEX grants_by_retiring ON grants (record ->> 'RetiringPrincipal', seq);
  CREATE INDEX grants_by_retiring_service ON grants (record ->> 'RetiringServicePrincipal', seq);
  `,
  `
  CREATE INDEX keys_by_relation ON keys (account, key_id) WHERE record ->> 'multiRegion';
  `,
  `
  CREATE TABLE key_stores (
    seq          INTEGER PRIMARY KEY,
    account      TEXT NOT NULL,
    region       TEXT NOT NULL,
    key_store_id TEXT NOT NULL,
    record       TEXT NOT NULL,
    UNIQUE (account, region, key_store_id)
  ) STRICT;
  CREATE INDEX keys_by_key_store ON keys (account, region, record ->> 'customKeyStoreId')
    WHERE record ->> 'customKeyStoreId' IS NOT NULL;
  `,
  `
  CREATE TABLE last_usages (
    key_seq    INTEGER PRIMARY KEY REFERENCES keys (seq) ON DELETE CASCADE,
    operation  TEXT NOT NULL,
    used_ms    INTEGER NOT NULL,
    request_id TEXT NOT NULL,
    event_id   TEXT NOT NULL
  ) STRICT;
  `,
  `
  CREATE INDEX grants_by_grantee ON grants (key_seq, record ->> 'GranteePrincipal');
  `,
];
