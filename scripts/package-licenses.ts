import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Metafile } from 'esbuild';

/** A license text, and the packages that it covers. */
export interface LicenseText {
  readonly titles: readonly string[];
  readonly text: string;
}

/**
 * Returns the license texts of all packages in a bundle, whose paths are relative to `root`. MIT and Apache-2.0 require
 * a copy in each distribution. Throws if a package has no license file.
 */
export function collectPackageLicenses(root: string, ...metafiles: readonly Metafile[]): LicenseText[] {
  const inputs = metafiles.flatMap((metafile) => Object.keys(metafile.inputs));
  const folders = inputs.flatMap((path) => /^.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(path) ?? []);
  const licenses = [...new Set(folders)].sort().map((folder) => {
    const { name, version, license } = JSON.parse(readFileSync(join(root, folder, 'package.json'), 'utf8'));
    return { title: `${name} ${version} (${license})`, text: readLicense(join(root, folder)) };
  });
  return [...Map.groupBy(licenses, ({ text }) => text)].map(([text, members]) => ({
    titles: members.map(({ title }) => title),
    text,
  }));
}

function readLicense(folder: string): string {
  const file = readdirSync(folder).find((name) => /^licen[cs]e/i.test(name));
  if (file === undefined) throw new Error(`${folder} has no license file`);
  return readFileSync(join(folder, file), 'utf8').trim();
}

export function formatLicenses(licenses: readonly LicenseText[]): string {
  return licenses.map(({ titles, text }) => `${titles.join('\n')}\n\n${text}\n`).join(`\n${'-'.repeat(80)}\n\n`);
}
