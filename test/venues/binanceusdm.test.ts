import { describeVenue } from './venue-bench.ts';
import { BINANCEUSDM } from './venues.ts';

describeVenue(BINANCEUSDM);
