import type { KeyObject } from 'node:crypto';
import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type { MaterialRecord } from '../core/key-record.ts';
import type { ReadCache } from './read-cache.ts';
import { seal, unseal } from './sealing.ts';

/** One key material as the store found it; its bytes are read apart. */
export interface Material {
  readonly seq: number;
  readonly keySeq: number;
  /** 32 bytes; in hexadecimal, AWS's KeyMaterialId. */
  readonly materialId: Uint8Array;
  readonly record: MaterialRecord;
  /** False for imported material that was deleted or has expired: the same bytes can be imported again. */
  readonly isPresent: boolean;
}

interface Row {
  seq: number;
  key_seq: number;
  material_id: Uint8Array;
  record: string;
  present: 0 | 1;
}

interface Opened {
  readonly bytes: Buffer;
  made: unknown;
}

const cachedMaterials = 1_000;

/** Key material, sealed at rest under the master key. The latest used stand open in memory. */
export class MaterialTable {
  readonly #masterKey: KeyObject;
  readonly #insert: StatementSync;
  readonly #update: StatementSync;
  readonly #seal: StatementSync;
  readonly #remove: StatementSync;
  readonly #ofKey: StatementSync;
  readonly #current: StatementSync;
  readonly #byId: StatementSync;
  readonly #sealed: StatementSync;
  readonly #any: StatementSync;
  /** By material id, which is a digest of the bytes: the same id has the same bytes in every row. */
  readonly #open = new Map<string, Opened>();

  readonly #cache: ReadCache;

  constructor(database: DatabaseSync, masterKey: KeyObject, cache: ReadCache) {
    this.#cache = cache;
    this.#masterKey = masterKey;
    const columns = 'seq, key_seq, material_id, record, sealed IS NOT NULL AS present';
    this.#insert = database.prepare(
      'INSERT INTO materials (key_seq, material_id, sealed, record) VALUES (?, ?, ?, ?) RETURNING seq',
    );
    this.#update = database.prepare('UPDATE materials SET record = ? WHERE seq = ?');
    this.#seal = database.prepare('UPDATE materials SET sealed = ? WHERE seq = ?');
    this.#remove = database.prepare('DELETE FROM materials WHERE seq = ?');
    this.#ofKey = database.prepare(`SELECT ${columns} FROM materials WHERE key_seq = ? ORDER BY seq`);
    this.#current = database.prepare(
      `SELECT ${columns} FROM materials WHERE key_seq = ? AND record ->> 'state' = 'CURRENT'`,
    );
    this.#byId = database.prepare(`SELECT ${columns} FROM materials WHERE material_id = ?`);
    this.#sealed = database.prepare('SELECT sealed FROM materials WHERE seq = ?');
    this.#any = database.prepare('SELECT seq, material_id, sealed FROM materials WHERE sealed IS NOT NULL LIMIT 1');
  }

  static hasAny(database: DatabaseSync): boolean {
    return database.prepare('SELECT 1 FROM materials WHERE sealed IS NOT NULL LIMIT 1').get() !== undefined;
  }

  insert(keySeq: number, materialId: Uint8Array, bytes: Uint8Array, record: MaterialRecord): Material {
    const sealed = seal(this.#masterKey, materialId, bytes);
    const { seq } = this.#insert.get(keySeq, materialId, sealed, JSON.stringify(record)) as { seq: number };
    return { seq, keySeq, materialId, record, isPresent: true };
  }

  save(material: Material): void {
    this.#update.run(JSON.stringify(material.record), material.seq);
  }

  /** Takes the bytes of imported material away; what is known of it stays. */
  erase(material: Material): void {
    this.#seal.run(null, material.seq);
    this.#open.delete(textOf(material));
  }

  /** Puts the bytes of erased material back. */
  restore(material: Material, bytes: Uint8Array): void {
    this.#seal.run(seal(this.#masterKey, material.materialId, bytes), material.seq);
  }

  remove(material: Material): void {
    this.#remove.run(material.seq);
    this.#open.delete(textOf(material));
  }

  /** A key's materials, oldest first. */
  ofKey(keySeq: number): Material[] {
    return this.#ofKey.all(keySeq).map((row) => materialOf(row as unknown as Row));
  }

  current(keySeq: number): Material | undefined {
    return this.#cache.get(`current ${keySeq}`, () => {
      const row = this.#current.get(keySeq);
      return row === undefined ? undefined : materialOf(row as unknown as Row);
    });
  }

  /** The materials of this id: one, or one in each replica of a multi-Region key. */
  byId(materialId: Uint8Array): readonly Material[] {
    return this.#cache.get(`id ${Buffer.from(materialId).toString('latin1')}`, () =>
      this.#byId.all(materialId).map((row) => materialOf(row as unknown as Row)),
    );
  }

  /** The bytes themselves. */
  open(material: Material): Buffer {
    return this.#opened(material).bytes;
  }

  /** What `make` makes of the bytes; made once, and kept with them. Of one material always by the same `make`. */
  openAs<T>(material: Material, make: (bytes: Buffer) => T): T {
    const opened = this.#opened(material);
    opened.made ??= make(opened.bytes);
    return opened.made as T;
  }

  #opened(material: Material): Opened {
    const id = textOf(material);
    let opened = this.#open.get(id);
    if (opened === undefined) {
      const { sealed } = this.#sealed.get(material.seq) as { sealed: Uint8Array };
      opened = { bytes: unseal(this.#masterKey, material.materialId, sealed), made: undefined };
      if (this.#open.size >= cachedMaterials) this.#open.delete(this.#open.keys().next().value ?? '');
      this.#open.set(id, opened);
    }
    return opened;
  }

  /** Throws StoreError where this is not the master key that the store was sealed with. */
  checkMasterKey(): void {
    const row = this.#any.get() as { material_id: Uint8Array; sealed: Uint8Array } | undefined;
    if (row !== undefined) unseal(this.#masterKey, row.material_id, row.sealed);
  }
}

function textOf({ materialId }: Material): string {
  return Buffer.from(materialId).toString('hex');
}

function materialOf({ seq, key_seq, material_id, record, present }: Row): Material {
  return {
    seq,
    keySeq: key_seq,
    materialId: material_id,
    record: JSON.parse(record) as MaterialRecord,
    isPresent: present === 1,
  };
}
