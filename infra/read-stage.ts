// Chooses the stage to synthesize by what the command line says.
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { projectPath } from './constructs/bundle-recipe.ts';
import { StageError, parseStage } from './stage-file.ts';
import { STAGE_NAMES } from './stages.ts';
import type { Stage, StageName } from './stages.ts';

type ReadContext = (name: string) => string | undefined;

// Said on the command line before there were settings files: silently ignored they would deploy something else than was meant.
const FORMERLY = ['account', 'venue', 'venueUrl', 'exchangeSecret', 'sandbox', 'stopMoves', 'alpacaFeed', 'alpacaFractions', 'alpacaExtendedHours'];

const stageNameOf = (found: string): StageName => {
  const name = STAGE_NAMES.find((known) => known === found);
  if (name === undefined) throw new StageError('-c stage', [`expected ${STAGE_NAMES.join(', ')}, found ${found}`]);
  return name;
};

const readJson = (file: string, shown: string): unknown => {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch (cause) {
    throw new StageError(shown, ['expected a file of JSON that can be read'], { cause });
  }
};

/**
 * Reads the stage that `-c stage=…` names, paper without one, from its file in stages/ or from the file that `-c settings=…` names.
 * @throws StageError naming the file and every field that is wrong
 */
export const readStage = (context: ReadContext): Stage => {
  const kind = stageNameOf(context('stage') ?? 'paper');
  const given = context('settings');
  const shown = given ?? `stages/${kind}.json`;
  const former = FORMERLY.filter((name) => context(name) !== undefined);
  if (former.length > 0) throw new StageError(shown, former.map((name) => `${name}: expected in this file, and not as -c ${name}=…`));
  return parseStage(kind, shown, readJson(given === undefined ? projectPath(shown) : resolve(given), shown));
};
