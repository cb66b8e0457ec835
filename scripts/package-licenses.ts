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
 * a copy in each distribution. Throws if a license text is neither in the package nor known.
 */
export function collectPackageLicenses(root: string, ...metafiles: readonly Metafile[]): LicenseText[] {
  const inputs = metafiles.flatMap((metafile) => Object.keys(metafile.inputs));
  const folders = inputs.flatMap((path) => /^.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(path) ?? []);
  const licenses = [...new Set(folders)].sort().map((folder) => {
    const packageJson: PackageJson = JSON.parse(readFileSync(join(root, folder, 'package.json'), 'utf8'));
    const { name, version, license } = packageJson;
    const text = readLicense(join(root, folder)) ?? composeLicense(root, packageJson);
    return { title: `${name} ${version} (${license})`, text };
  });
  return [...Map.groupBy(licenses, ({ text }) => text)].map(([text, members]) => ({
    titles: members.map(({ title }) => title),
    text,
  }));
}

interface PackageJson {
  readonly name: string;
  readonly version: string;
  readonly license: string;
  readonly author?: { readonly name: string };
}

function readLicense(folder: string): string | undefined {
  const file = readdirSync(folder).find((name) => /^licen[cs]e/i.test(name));
  return file === undefined ? undefined : readFileSync(join(folder, file), 'utf8').trim();
}

/** Returns the license text of a package that contains none. MIT-0 does not require one. */
function composeLicense(root: string, { name, license, author }: PackageJson): string {
  if (license === 'MIT-0') return 'MIT No Attribution (https://spdx.org/licenses/MIT-0.html)';
  if (license !== 'MIT' || author === undefined) throw new Error(`${name} has no license file`);
  // This project has the same license, apart from the copyright notice.
  const ours = readFileSync(join(root, 'LICENSE'), 'utf8').trim();
  return ours.replace(/^Copyright .*$/m, `Copyright (c) ${author.name}`);
}

export function formatLicenses(licenses: readonly LicenseText[]): string {
  return licenses.map(({ titles, text }) => `${titles.join('\n')}\n\n${text}\n`).join(`\n${'-'.repeat(80)}\n\n`);
}
