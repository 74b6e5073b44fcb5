import type { Reduction, ReductionTerms, SliceStep } from '../../domain/slot.ts';
import type { Attributes } from './attributes.ts';
import { amount, count, decimal, document, present, text, whole } from './attributes.ts';
import type { ItemReader } from './item-reader.ts';
import { readOrder, writeOrder } from './order-attributes.ts';

const STATUSES = ['WAITING', 'SHRINKING', 'SELLING', 'DONE'] as const satisfies readonly SliceStep['status'][];
const REDUCTION = {
  strategy: 'sg',
  wanted: 'wa',
  total: 'tt',
  slices: 'sl',
  begun: 'be',
  startedAt: 'sa',
  soldBefore: 'sb',
  sold: 'so',
  failures: 'fl',
  step: 'st',
} as const satisfies Record<keyof Reduction, string>;
const WANTED = { quantity: 'qt', slices: 'sl', durationSeconds: 'ds' } as const satisfies Record<keyof ReductionTerms, string>;
const STEP = { status: 'ss', nextAt: 'na', quantity: 'qt', limit: 'li', order: 'or' } as const;

/** Writes the reduction of a position (EX-1). @throws UnstorableNumberError */
export const writeReduction = (reduction: Reduction): Attributes =>
  present({
    [REDUCTION.strategy]: text(reduction.strategy),
    [REDUCTION.wanted]: document(writeWanted(reduction.wanted)),
    [REDUCTION.total]: amount(reduction.total),
    [REDUCTION.slices]: whole(reduction.slices),
    [REDUCTION.begun]: count(reduction.begun),
    [REDUCTION.startedAt]: whole(reduction.startedAt),
    [REDUCTION.soldBefore]: amount(reduction.soldBefore),
    [REDUCTION.sold]: amount(reduction.sold),
    [REDUCTION.failures]: count(reduction.failures),
    [REDUCTION.step]: document(writeStep(reduction.step)),
  });

/** Reads the reduction of a position. @throws StoredItemError */
export const readReduction = (reader: ItemReader): Reduction => ({
  strategy: reader.text(REDUCTION.strategy),
  wanted: readWanted(reader.document(REDUCTION.wanted)),
  total: reader.amount(REDUCTION.total),
  slices: reader.whole(REDUCTION.slices),
  begun: reader.count(REDUCTION.begun),
  startedAt: reader.whole(REDUCTION.startedAt),
  soldBefore: reader.amount(REDUCTION.soldBefore),
  sold: reader.amount(REDUCTION.sold),
  failures: reader.count(REDUCTION.failures),
  step: readStep(reader.document(REDUCTION.step)),
});

const writeWanted = (wanted: ReductionTerms): Attributes =>
  present({
    [WANTED.quantity]: amount(wanted.quantity),
    [WANTED.slices]: whole(wanted.slices),
    [WANTED.durationSeconds]: whole(wanted.durationSeconds),
  });

const readWanted = (reader: ItemReader): ReductionTerms => ({
  quantity: reader.amount(WANTED.quantity),
  slices: reader.whole(WANTED.slices),
  durationSeconds: reader.whole(WANTED.durationSeconds),
});

const writeStep = (step: SliceStep): Attributes => ({ [STEP.status]: text(step.status), ...writeTerms(step) });

const writeTerms = (step: SliceStep): Attributes => {
  switch (step.status) {
    case 'WAITING':
      return { [STEP.nextAt]: whole(step.nextAt) };
    case 'SHRINKING':
      return { [STEP.quantity]: decimal(step.quantity), [STEP.limit]: decimal(step.limit) };
    case 'SELLING':
      return { [STEP.order]: document(writeOrder(step.order)) };
    case 'DONE':
      return {};
  }
};

const readStep = (reader: ItemReader): SliceStep => {
  const status = reader.choice(STEP.status, STATUSES);
  switch (status) {
    case 'WAITING':
      return { status, nextAt: reader.whole(STEP.nextAt) };
    case 'SHRINKING':
      return { status, quantity: reader.decimal(STEP.quantity), limit: reader.decimal(STEP.limit) };
    case 'SELLING':
      return { status, order: readOrder(reader.document(STEP.order)) };
    case 'DONE':
      return { status };
  }
};
