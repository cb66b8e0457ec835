import type { KeyObject } from 'node:crypto';
import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type { MaterialRecord } from '../core/key-record.ts';
import type { ReadCache } from './read-cache.ts';
import { seal, unseal } from './sealing.ts';

/** Stored key material without its bytes. `MaterialTable.open` returns the bytes. */
export interface Material {
  readonly seq: number;
  readonly keySeq: number;
  /** The 32-byte id. KMS returns it in hexadecimal as KeyMaterialId. */
  readonly materialId: Uint8Array;
  readonly record: MaterialRecord;
  /** False for imported material that was deleted or has expired. The same bytes can be imported again. */
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
  /** The cached result of `openAs`. */
  converted: unknown;
}

const maxOpenMaterials = 1_000;

/**
 * Stores key material, encrypted at rest under the master key. Caches the most recently opened materials in memory in
 * plaintext.
 */
export class MaterialTable {
  readonly #masterKey: KeyObject;
  readonly #insert: StatementSync;
  readonly #update: StatementSync;
  readonly #seal: StatementSync;
  readonly #remove: StatementSync;
  readonly #listByKey: StatementSync;
  readonly #findCurrent: StatementSync;
  readonly #listById: StatementSync;
  readonly #sealed: StatementSync;
  readonly #any: StatementSync;
  /**
   * The opened materials by material id. The id is a digest of the bytes, so rows with the same id have the same bytes.
   */
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
    this.#listByKey = database.prepare(`SELECT ${columns} FROM materials WHERE key_seq = ? ORDER BY seq`);
    this.#findCurrent = database.prepare(
      `SELECT ${columns} FROM materials WHERE key_seq = ? AND record ->> 'state' = 'CURRENT'`,
    );
    this.#listById = database.prepare(`SELECT ${columns} FROM materials WHERE material_id = ?`);
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

  /** Erases the bytes of imported material and keeps its record. */
  erase(material: Material): void {
    this.#seal.run(null, material.seq);
    this.#open.delete(toHex(material));
  }

  /** Restores the bytes of erased material. */
  restore(material: Material, bytes: Uint8Array): void {
    this.#seal.run(seal(this.#masterKey, material.materialId, bytes), material.seq);
  }

  remove(material: Material): void {
    this.#remove.run(material.seq);
    this.#open.delete(toHex(material));
  }

  /** Returns a key's materials, oldest first. */
  listByKey(keySeq: number): Material[] {
    return this.#listByKey.all(keySeq).map((row) => toMaterial(row as unknown as Row));
  }

  findCurrent(keySeq: number): Material | undefined {
    return this.#cache.get(`current ${keySeq}`, () => {
      const row = this.#findCurrent.get(keySeq);
      return row === undefined ? undefined : toMaterial(row as unknown as Row);
    });
  }

  /** Returns the materials with this id. A key and its replicas each have their own row. */
  listById(materialId: Uint8Array): readonly Material[] {
    return this.#cache.get(`id ${Buffer.from(materialId).toString('latin1')}`, () =>
      this.#listById.all(materialId).map((row) => toMaterial(row as unknown as Row)),
    );
  }

  /** Returns the decrypted bytes. */
  open(material: Material): Buffer {
    return this.#opened(material).bytes;
  }

  /** Converts the bytes with `convert` and caches the result. Always pass the same `convert` for the same material. */
  openAs<T>(material: Material, convert: (bytes: Buffer) => T): T {
    const opened = this.#opened(material);
    opened.converted ??= convert(opened.bytes);
    return opened.converted as T;
  }

  #opened(material: Material): Opened {
    const id = toHex(material);
    let opened = this.#open.get(id);
    if (opened === undefined) {
      const { sealed } = this.#sealed.get(material.seq) as { sealed: Uint8Array };
      opened = { bytes: unseal(this.#masterKey, material.materialId, sealed), converted: undefined };
      if (this.#open.size >= maxOpenMaterials) this.#open.delete(this.#open.keys().next().value ?? '');
      this.#open.set(id, opened);
    }
    return opened;
  }

  /** Throws `StoreError` if the store was encrypted under another master key. Tries to decrypt one material. */
  checkMasterKey(): void {
    const row = this.#any.get() as { material_id: Uint8Array; sealed: Uint8Array } | undefined;
    if (row !== undefined) unseal(this.#masterKey, row.material_id, row.sealed);
  }
}

function toHex({ materialId }: Material): string {
  return Buffer.from(materialId).toString('hex');
}

function toMaterial({ seq, key_seq, material_id, record, present }: Row): Material {
  return {
    seq,
    keySeq: key_seq,
    materialId: material_id,
    record: JSON.parse(record) as MaterialRecord,
    isPresent: present === 1,
  };
}
