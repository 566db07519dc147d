import { appendFile, readdir, readFile } from 'node:fs/promises';

/** Appends the licences of the packages in a bundle, which have to go wherever a copy goes. */
export async function appendLicences(bundle, metafile) {
  await appendFile(bundle, await licencesOf(Object.keys(metafile.inputs)));
}

/** The licences of the bundled packages, which have to go wherever a copy goes, as one comment. */
async function licencesOf(files) {
  const folders = new Set(files.flatMap((file) => /^.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(file) ?? []));
  const texts = [...folders].sort().map(async (folder) => {
    const names = await readdir(folder);
    const name = names.find((entry) => /^licen[cs]e/i.test(entry)) ?? names.find((entry) => /^readme/i.test(entry));
    const text = name === undefined ? '' : await readFile(`${folder}/${name}`, 'utf8');
    // Some packages print their licence at the end of the README only.
    const licence = /^readme/i.test(name ?? '') ? /^#* *licen[cs]e\n[\s\S]*/im.exec(text)?.[0] : text;
    if (!licence) throw new Error(`${folder} has no licence to bundle`);
    return `${folder.replace(/^.*node_modules\//, '')}\n\n${licence}`;
  });
  return `/*! Bundled packages and their licences\n\n${(await Promise.all(texts)).join('\n---\n\n').replaceAll('*/', '* /')}*/\n`;
}
