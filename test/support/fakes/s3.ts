import { countBytes, type OperationRules } from './rule.ts';

const api = 'https://docs.aws.amazon.com/AmazonS3/latest/API';

export interface PutObjectRequest {
  readonly Key: string;
  readonly bytes: number;
  readonly contentLength: number;
  readonly contentEncoding?: string;
}

export interface DeleteObjectsRequest {
  readonly keys: readonly string[];
  /** The value of Content-MD5 or of another checksum header. */
  readonly checksum?: string;
}

const keyRule = {
  title: 'a key has 1 to 1,024 bytes',
  error: 'KeyTooLongError',
  isMet: (keys: readonly string[]) => keys.every((key) => key !== '' && countBytes(key) <= 1_024),
};

export const putObjectRules: OperationRules<PutObjectRequest> = {
  source: `${api}/API_PutObject.html`,
  members: { Key: 'string', bytes: 'integer', contentLength: 'integer', contentEncoding: 'string?' },
  rules: [
    { ...keyRule, isMet: ({ Key }) => keyRule.isMet([Key]) },
    {
      title: 'the body has the length in Content-Length',
      error: 'IncompleteBody',
      isMet: ({ bytes, contentLength }) => bytes === contentLength,
    },
    {
      // S3 accepts encodings, but the tests compare the stored bytes with their hash.
      title: 'the body is not encoded',
      error: 'InvalidRequest',
      isMet: ({ contentEncoding }) => contentEncoding === undefined,
    },
  ],
};

export const deleteObjectsRules: OperationRules<DeleteObjectsRequest> = {
  source: `${api}/API_DeleteObjects.html`,
  members: { keys: 'list', checksum: 'string?' },
  rules: [
    {
      title: 'a request deletes 1 to 1,000 objects',
      error: 'MalformedXML',
      isMet: ({ keys }) => keys.length >= 1 && keys.length <= 1_000,
    },
    { ...keyRule, isMet: ({ keys }) => keyRule.isMet(keys) },
    {
      title: 'a request has a checksum',
      error: 'InvalidRequest',
      isMet: ({ checksum }) => checksum !== undefined,
    },
  ],
};
