const reasons: Readonly<Record<string, string>> = {
  ENOENT: 'does not exist',
  EACCES: 'is not accessible, because this user has no permission',
  EPERM: 'is not accessible, because this user has no permission',
  EISDIR: 'is a directory',
  ENOTDIR: 'is in a folder that is a file',
  ENOSPC: 'cannot be written, because the disk is full',
  EROFS: 'cannot be written, because the file system is read-only',
  EMFILE: 'cannot be opened, because too many files are open',
};

/** Describes an error of the file system in a sentence without its call and code. */
export function describeFileError(error: unknown, file: string): string {
  const { code = '', message } = error as NodeJS.ErrnoException;
  const reason = reasons[code];
  return reason === undefined ? `${file}: ${message}.` : `${file} ${reason}.`;
}

/** Returns whether an error comes from a call to the file system. */
export function isFileSystemError(error: unknown): boolean {
  const { syscall, code } = error as Partial<NodeJS.ErrnoException>;
  return syscall !== undefined && code !== 'EPIPE';
}
