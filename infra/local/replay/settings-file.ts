// The file of --settings: a JSON object, or lines of NAME=VALUE.
import { z } from 'zod';
import { SETTING_NAMES, parseSettings } from '../../../shared/settings.ts';
import type { Settings } from '../../../shared/domain/settings.ts';
import { SettingsError } from '../../../shared/errors.ts';
import type { CsvSource } from './csv.ts';
import { refuseLine } from './csv.ts';
import { InputError } from './input-error.ts';

/** Settings by their names in the Settings table, as text. */
export type NamedSettings = Readonly<Record<string, string>>;

const jsonForm = z.record(z.string(), z.union([z.string(), z.number(), z.boolean()]));

/** Reads names and values. @throws InputError naming the line or the setting */
export function readSettingsFile(source: CsvSource): NamedSettings {
  const given = source.text.trimStart().startsWith('{') ? readJson(source) : readLines(source);
  const unknown = Object.keys(given).find((name) => !SETTING_NAMES.includes(name));
  if (unknown !== undefined) throw new InputError(`${source.file}: there is no setting ${JSON.stringify(unknown)}`);
  return given;
}

/** Checks settings by their values. @throws InputError naming every fault */
export function checkSettings(given: NamedSettings, file: string | null): Settings {
  try {
    return parseSettings(given);
  } catch (error) {
    if (!(error instanceof SettingsError)) throw error;
    throw new InputError(`${file ?? 'settings'}: ${error.message}`, { cause: error });
  }
}

function readJson({ file, text }: CsvSource): NamedSettings {
  const parsed = jsonForm.safeParse(parseJson(file, text));
  if (!parsed.success) throw new InputError(`${file}: expected an object of settings with texts or numbers`, { cause: parsed.error });
  const plain = (value: string | number | boolean) => (typeof value === 'boolean' ? String(Number(value)) : String(value));
  return Object.fromEntries(Object.entries(parsed.data).map(([name, value]) => [name, plain(value)]));
}

function parseJson(file: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new InputError(`${file}: expected JSON: ${error instanceof Error ? error.message : String(error)}`, { cause: error });
  }
}

function readLines({ file, text }: CsvSource): NamedSettings {
  const entries = text.split(/\r?\n/).flatMap((raw, index): (readonly [string, string])[] => {
    const line = raw.trim();
    if (line === '' || line.startsWith('#')) return [];
    const cut = line.indexOf('=');
    if (cut < 1) refuseLine(file, index + 1, `expected NAME=VALUE, found ${JSON.stringify(line)}`);
    return [[line.slice(0, cut).trim(), line.slice(cut + 1).trim()]];
  });
  const names = entries.map(([name]) => name);
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) throw new InputError(`${file}: ${twice} is set twice`);
  return Object.fromEntries(entries);
}
