// Settings inside a plan: by their names in the environment, each as text or a whole number.
import * as z from 'zod';
import { PLAN_SETTINGS } from '../../shared/own-settings.ts';
import type { PlanSettings } from '../../shared/own-settings.ts';
import type { SettingReader } from '../../shared/setting-readers.ts';

/** Reads a value that is also read from the environment; a broken JSON number has lost digits already and is refused. */
export const settingField = <Value>({ expected, read }: SettingReader<Value>) =>
  z.union([z.string(), z.int()], { error: expected }).transform((given, context) => {
    const value = read(String(given).trim());
    if (value !== undefined) return value;
    context.issues.push({ code: 'custom', input: given, message: expected });
    return z.NEVER;
  });

const fields = Object.fromEntries(Object.entries(PLAN_SETTINGS).map(([name, reader]) => [name, settingField(reader).optional()]));

/** Reads the settings that a plan or a watch has of its own; none when there are none. */
export const ownSettingsField = z
  .strictObject(fields, { error: 'an object of settings by name' })
  .transform((given) => Object.values(given).reduce<PlanSettings>((all, one) => ({ ...all, ...one }), {}))
  .default({});
