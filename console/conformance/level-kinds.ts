// Kinds about levels and the orders on them: EX-3, EX-5 and FP-1.
import { ZERO } from '../../shared/domain/decimal.ts';
import { DEFAULT_HORIZON_SECONDS, type FillFeatures, estimateFill } from '../../shared/domain/fill-probability.ts';
import { type GridFillModel, type GridLevel, wantedGrid } from '../../shared/domain/grid.ts';
import { type LiveLevel, type WantedLevel, routeLevels } from '../../shared/domain/router.ts';
import { readSettings } from './case-fields.ts';
import type { Field } from './field.ts';
import { Approximate, type Found } from './found.ts';

/** Runs kind `router` (EX-3). */
export function routerKind(input: Field): Found {
  const quote = input.at('quote');
  const terms = {
    spread: { bid: quote.at('bid').orNull((field) => field.decimal()), ask: quote.at('ask').orNull((field) => field.decimal()) },
    amends: input.at('venue').at('amend').boolean(),
    amendThresholdBps: readSettings(input.at('settings')).amendThresholdBps,
  };
  const work = routeLevels(input.at('wanted').list(readWanted), input.at('live').list(readLive), terms);
  return {
    sequence: work.sequence,
    cancel: work.cancel,
    amend: work.amend.map(({ id, price, quantity }) => ({ id, price, quantity })),
    place: work.place.map(({ level, price, quantity }) => ({ level, price, quantity })),
    blocked: work.blocked.map(({ level, reason }) => ({ level, reason })),
  };
}

/** Runs kind `grid` (EX-5, FP-1); a case tells no fee. */
export function gridKind(input: Field): Found {
  const grid = {
    centre: input.at('centre').decimal(),
    skewBps: input.at('skewBps').decimal(),
    spacingBps: input.at('spacingBps').decimal(),
    levelsUp: input.at('levelsUp').integer(),
    levelsDown: input.at('levelsDown').integer(),
    sizes: input.at('sizes').list((size) => size.decimal()),
    tickSize: input.at('tick').decimal(),
    makerFeeRate: ZERO,
    fillModel: input.at('fillModel').orNull(readFillModel),
  };
  const mode = input.at('mode').choice('normal', 'pause', 'emergency');
  const { sells, buys, cancel } = wantedGrid(grid, mode, input.at('live').list((id) => id.text()));
  return { sells: sells.map(reportedLevel), buys: buys.map(reportedLevel), cancel };
}

/** Runs kind `fill-probability` (FP-1). */
export function fillProbabilityKind(input: Field): Found {
  const order = { side: input.at('side').choice('buy', 'sell'), price: input.at('price').decimal() };
  const { distanceBps, expectedMoveBps, probability } = estimateFill(order, readFeatures(input));
  return {
    distanceBps: new Approximate(distanceBps),
    expectedMoveBps: new Approximate(expectedMoveBps),
    probability: new Approximate(probability),
  };
}

function readFeatures(features: Field): FillFeatures {
  return {
    mid: features.at('mid').decimal(),
    natr: features.at('natr').decimal(),
    horizonSeconds: features.at('horizonSeconds').orNull((field) => field.integer()) ?? DEFAULT_HORIZON_SECONDS,
    flowZ: features.at('flowZ').decimal(),
  };
}

function readFillModel(model: Field): GridFillModel {
  return { ...readFeatures(model), minimum: model.at('minimum').decimal() };
}

function readWanted(wanted: Field): WantedLevel {
  return {
    level: wanted.at('level').text(),
    side: wanted.at('side').choice('buy', 'sell'),
    price: wanted.at('price').decimal(),
    quantity: wanted.at('quantity').decimal(),
    postOnly: wanted.at('postOnly').boolean(),
  };
}

function readLive(order: Field): LiveLevel {
  return {
    id: order.at('id').text(),
    level: order.at('level').text(),
    side: order.at('side').choice('buy', 'sell'),
    price: order.at('price').decimal(),
    remainingQuantity: order.at('quantity').decimal(),
  };
}

function reportedLevel({ level, price, quantity }: GridLevel): Found {
  return { level, price, quantity };
}
