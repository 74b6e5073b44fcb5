// Keeps secrets out of the log, by the name of a field and by the look of a value.
import type { Note } from '../../domain/decision.ts';

const HIDDEN = '[hidden]';
const SECRET_NAME = /secret|signature|password|passphrase|token|authori[sz]ation|credential|api[-_]?key|private[-_]?key|cookie/i;
const SECRET_TEXTS = [
  /v1,[0-9a-f]{32,}/gi,
  /(?<=:\/\/)[^\s/@]+:[^\s/@]+(?=@)/g,
  /(?:AKIA|ASIA)[0-9A-Z]{16}/g,
  /(?<=\bBearer\s)\S+/gi,
] as const;

/** Hides what must not be read in a text: signatures, credentials in addresses, access keys. */
export const redactText = (text: string): string => SECRET_TEXTS.reduce((clean, pattern) => clean.replace(pattern, HIDDEN), text);

/** Hides whole fields whose name speaks of a secret, and parts of the others. */
export const redactFields = (fields: Note['fields']): Note['fields'] =>
  Object.fromEntries(
    Object.entries(fields).map(([name, value]) => {
      if (SECRET_NAME.test(name) && value !== null) return [name, HIDDEN];
      return [name, typeof value === 'string' ? redactText(value) : value];
    }),
  );
