import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type { Grant, GrantRecord } from '../core/grant-record.ts';
import type { ReadCache } from './read-cache.ts';

interface Row {
  seq: number;
  key_seq: number;
  grant_id: string;
  record: string;
}

/** The filters for a key's grants, as in ListGrants. */
export interface GrantFilter {
  readonly grantId?: string | undefined;
  readonly granteePrincipal?: string | undefined;
  readonly granteeServicePrincipal?: string | undefined;
}

export type RetiringMember = 'RetiringPrincipal' | 'RetiringServicePrincipal';

const columns = 'grants.seq, grants.key_seq, grants.grant_id, grants.record';

/** Stores grants in creation order. Deleting a key deletes its grants. */
export class GrantTable {
  readonly #insert: StatementSync;
  readonly #remove: StatementSync;
  readonly #removeByKey: StatementSync;
  readonly #count: StatementSync;
  readonly #find: StatementSync;
  readonly #listByName: StatementSync;
  readonly #listByGrantee: StatementSync;
  readonly #listPage: StatementSync;
  readonly #listRetirable: Readonly<Record<RetiringMember, StatementSync>>;

  readonly #cache: ReadCache;

  constructor(database: DatabaseSync, cache: ReadCache) {
    this.#cache = cache;
    this.#insert = database.prepare(
      'INSERT INTO grants (key_seq, grant_id, record) VALUES (?, ?, ?) RETURNING seq, key_seq, grant_id, record',
    );
    this.#remove = database.prepare('DELETE FROM grants WHERE seq = ?');
    this.#removeByKey = database.prepare('DELETE FROM grants WHERE key_seq = ?');
    this.#count = database.prepare('SELECT count(*) AS n FROM grants WHERE key_seq = ?');
    this.#find = database.prepare(`SELECT ${columns} FROM grants WHERE key_seq = ? AND grant_id = ?`);
    this.#listByName = database.prepare(
      `SELECT ${columns} FROM grants WHERE key_seq = ? AND record ->> 'Name' IS NOT NULL AND record ->> 'Name' = ?`,
    );
    this.#listByGrantee = database.prepare(
      `SELECT ${columns} FROM grants WHERE key_seq = ? AND record ->> 'GranteePrincipal' = ? ORDER BY seq`,
    );
    this.#listPage = database.prepare(
      `SELECT ${columns} FROM grants WHERE key_seq = :key AND seq > :after
         AND (:id IS NULL OR grant_id = :id)
         AND (:grantee IS NULL OR record ->> 'GranteePrincipal' = :grantee)
         AND (:service IS NULL OR record ->> 'GranteeServicePrincipal' = :service)
       ORDER BY seq LIMIT :count`,
    );
    const retirable = (member: RetiringMember) =>
      database.prepare(
        `SELECT ${columns} FROM grants JOIN keys ON keys.seq = grants.key_seq
         WHERE grants.record ->> '${member}' = ? AND keys.region = ? AND grants.seq > ? ORDER BY grants.seq LIMIT ?`,
      );
    this.#listRetirable = {
      RetiringPrincipal: retirable('RetiringPrincipal'),
      RetiringServicePrincipal: retirable('RetiringServicePrincipal'),
    };
  }

  insert(keySeq: number, grantId: string, record: GrantRecord): Grant {
    return toGrant(this.#insert.get(keySeq, grantId, JSON.stringify(record)) as unknown as Row);
  }

  remove(grant: Grant): void {
    this.#remove.run(grant.seq);
  }

  removeByKey(keySeq: number): void {
    this.#removeByKey.run(keySeq);
  }

  countByKey(keySeq: number): number {
    return (this.#count.get(keySeq) as { n: number }).n;
  }

  find(keySeq: number, grantId: string): Grant | undefined {
    const row = this.#find.get(keySeq, grantId);
    return row === undefined ? undefined : toGrant(row as unknown as Row);
  }

  /** Returns a key's grants with this name. Several grants can have the same name if their parameters differ. */
  listByName(keySeq: number, name: string): Grant[] {
    return this.#listByName.all(keySeq, name).map((row) => toGrant(row as unknown as Row));
  }

  /** Returns a key's grants to a principal. Callers share the cached grants and must not change them. */
  listByGrantee(keySeq: number, grantee: string): readonly Grant[] {
    return this.#cache.get(`grants ${keySeq} ${grantee}`, () =>
      this.#listByGrantee.all(keySeq, grantee).map((row) => toGrant(row as unknown as Row)),
    );
  }

  /** Returns up to `count` of a key's grants that were created after the grant with `afterSeq`. */
  listPage(keySeq: number, filter: GrantFilter, afterSeq: number, count: number): Grant[] {
    const rows = this.#listPage.all({
      key: keySeq,
      after: afterSeq,
      id: filter.grantId ?? null,
      grantee: filter.granteePrincipal ?? null,
      service: filter.granteeServicePrincipal ?? null,
      count,
    });
    return rows.map((row) => toGrant(row as unknown as Row));
  }

  /**
   * Returns up to `count` grants that a principal may retire on keys in a Region, created after the grant with
   * `afterSeq`.
   */
  listRetirable(member: RetiringMember, principal: string, region: string, afterSeq: number, count: number): Grant[] {
    const rows = this.#listRetirable[member].all(principal, region, afterSeq, count);
    return rows.map((row) => toGrant(row as unknown as Row));
  }
}

function toGrant({ seq, key_seq, grant_id, record }: Row): Grant {
  return { seq, keySeq: key_seq, grantId: grant_id, record: JSON.parse(record) as GrantRecord };
}
