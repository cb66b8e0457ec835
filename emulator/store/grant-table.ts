import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type { Grant, GrantRecord } from '../core/grant-record.ts';

interface Row {
  seq: number;
  key_seq: number;
  grant_id: string;
  record: string;
}

/** Which grants of a key ListGrants is asked for. */
export interface GrantFilter {
  readonly grantId?: string | undefined;
  readonly granteePrincipal?: string | undefined;
  readonly granteeServicePrincipal?: string | undefined;
}

export type RetiringMember = 'RetiringPrincipal' | 'RetiringServicePrincipal';

const columns = 'grants.seq, grants.key_seq, grants.grant_id, grants.record';

/** Grants in the order of their creation. They go with their key. */
export class GrantTable {
  readonly #insert: StatementSync;
  readonly #remove: StatementSync;
  readonly #removeOfKey: StatementSync;
  readonly #count: StatementSync;
  readonly #find: StatementSync;
  readonly #named: StatementSync;
  readonly #page: StatementSync;
  readonly #retirable: Readonly<Record<RetiringMember, StatementSync>>;

  constructor(database: DatabaseSync) {
    this.#insert = database.prepare(
      'INSERT INTO grants (key_seq, grant_id, record) VALUES (?, ?, ?) RETURNING seq, key_seq, grant_id, record',
    );
    this.#remove = database.prepare('DELETE FROM grants WHERE seq = ?');
    this.#removeOfKey = database.prepare('DELETE FROM grants WHERE key_seq = ?');
    this.#count = database.prepare('SELECT count(*) AS n FROM grants WHERE key_seq = ?');
    this.#find = database.prepare(`SELECT ${columns} FROM grants WHERE key_seq = ? AND grant_id = ?`);
    this.#named = database.prepare(
      `SELECT ${columns} FROM grants WHERE key_seq = ? AND record ->> 'Name' IS NOT NULL AND record ->> 'Name' = ?`,
    );
    this.#page = database.prepare(
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
    this.#retirable = {
      RetiringPrincipal: retirable('RetiringPrincipal'),
      RetiringServicePrincipal: retirable('RetiringServicePrincipal'),
    };
  }

  insert(keySeq: number, grantId: string, record: GrantRecord): Grant {
    return grantOf(this.#insert.get(keySeq, grantId, JSON.stringify(record)) as unknown as Row);
  }

  remove(grant: Grant): void {
    this.#remove.run(grant.seq);
  }

  removeOfKey(keySeq: number): void {
    this.#removeOfKey.run(keySeq);
  }

  countOfKey(keySeq: number): number {
    return (this.#count.get(keySeq) as { n: number }).n;
  }

  find(keySeq: number, grantId: string): Grant | undefined {
    const row = this.#find.get(keySeq, grantId);
    return row === undefined ? undefined : grantOf(row as unknown as Row);
  }

  /** The grants of a key that have this name: one for each set of parameters that it was used with. */
  named(keySeq: number, name: string): Grant[] {
    return this.#named.all(keySeq, name).map((row) => grantOf(row as unknown as Row));
  }

  /** Up to `count` grants of a key made after the one with this `seq`. */
  page(keySeq: number, filter: GrantFilter, afterSeq: number, count: number): Grant[] {
    const rows = this.#page.all({
      key: keySeq,
      after: afterSeq,
      id: filter.grantId ?? null,
      grantee: filter.granteePrincipal ?? null,
      service: filter.granteeServicePrincipal ?? null,
      count,
    });
    return rows.map((row) => grantOf(row as unknown as Row));
  }

  /** The same for the grants on keys of a Region that a principal may retire. */
  retirable(member: RetiringMember, principal: string, region: string, afterSeq: number, count: number): Grant[] {
    const rows = this.#retirable[member].all(principal, region, afterSeq, count);
    return rows.map((row) => grantOf(row as unknown as Row));
  }
}

function grantOf({ seq, key_seq, grant_id, record }: Row): Grant {
  return { seq, keySeq: key_seq, grantId: grant_id, record: JSON.parse(record) as GrantRecord };
}
