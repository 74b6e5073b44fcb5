// What CloudWatch keeps: measurements by namespace, name and dimensions; and how it reads them out of a log line (EMF).
export interface Point {
  readonly at: number;
  readonly value: number;
}

export type Dimensions = Readonly<Record<string, string>>;

export const seriesKey = (namespace: string, metric: string, dimensions: Dimensions): string =>
  JSON.stringify([namespace, metric, Object.entries(dimensions).toSorted(([one], [other]) => one.localeCompare(other))]);

const textOf = (value: unknown): string => {
  if (typeof value !== 'string' || value === '') throw new Error(`a dimension without a value: ${String(value)}`);
  return value;
};

/** The place of the first point that is not before a time. */
const placeOf = (points: readonly Point[], time: number): number => {
  let [low, high] = [0, points.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((points[middle]?.at ?? Infinity) < time) low = middle + 1;
    else high = middle;
  }
  return low;
};

export class MetricStore {
  /** Each series in the order of its times. */
  readonly series = new Map<string, readonly Point[]>();

  put(namespace: string, metric: string, dimensions: Dimensions, point: Point): void {
    this.add(new Map([[seriesKey(namespace, metric, dimensions), [point]]]));
  }

  add(points: ReadonlyMap<string, readonly Point[]>): void {
    for (const [key, more] of points) {
      this.series.set(key, [...(this.series.get(key) ?? []), ...more].toSorted((one, other) => one.at - other.at));
    }
  }

  /** Takes a line of a log as CloudWatch would: once for each set of dimensions. */
  take(line: string, at: number): void {
    const root = JSON.parse(line);
    for (const { Namespace, Dimensions, Metrics } of root._aws.CloudWatchMetrics) {
      for (const names of Dimensions) {
        const dimensions = Object.fromEntries(names.map((name: string) => [name, textOf(root[name])]));
        for (const { Name } of Metrics) this.put(Namespace, Name, dimensions, { at, value: root[Name] });
      }
    }
  }

  /** What lies in [from, to). */
  within(key: string, from: number, to: number): readonly number[] {
    const points = this.series.get(key) ?? [];
    return points.slice(placeOf(points, from), placeOf(points, to)).map(({ value }) => value);
  }

  latest(): number {
    return Math.max(...[...this.series.values()].flatMap((points) => points.map(({ at }) => at)));
  }
}
