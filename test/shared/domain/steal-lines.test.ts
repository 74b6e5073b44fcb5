import { describe, expect, it } from '@jest/globals';
import { fightLostLine, fightWonLine, forcedLine, promotedLine, stealLine } from '../../../shared/domain/steal-lines.ts';
import { decimal } from './book.ts';

const side = (symbol: string, distance: string, pnl: string | null) => ({
  symbol,
  distance: decimal(distance),
  forecastPnl: pnl === null ? null : decimal(pnl),
});

describe('WS-11 log lines', () => {
  it('tells of a steal', () => {
    expect(stealLine(side('MSFT', '0.001', '3'), side('AAPL', '0.05', '5'))).toBe(
      'Work steal: MSFT (dist=0.001, PnL=3.0) stealing from AAPL (dist=0.05, PnL=5.0)',
    );
  });

  it('tells of a fight won and a fight lost', () => {
    expect(fightWonLine(side('MSFT', '0', '4.0'), side('AAPL', '0', '2'))).toBe(
      'MSFT: Fighting with AAPL but PnL better (4.0 > 2.0), allowing steal',
    );
    expect(fightLostLine('AAPL', 'MSFT')).toBe('AAPL: Would cause fighting with MSFT, aborting steal');
  });

  it('tells of a forced entry and of a promoted probe', () => {
    expect(forcedLine('BTC/USD', 1)).toBe('BTCUSD: Auto-enabled force_immediate (crypto rank 1 during out-of-hours)');
    expect(promotedLine('AAPL', decimal('4500'), decimal('300'))).toBe(
      'AAPL: Position notional $4500 exceeds probe limit $300; promoting to normal',
    );
    expect(promotedLine('AAPL', decimal('300.01'), decimal('300'))).toContain('$300.01 exceeds probe limit $300;');
  });

  it('writes symbols without their slash, unknown forecasts as zero, and no endless fractions', () => {
    const third = side('ETH/USD', '0.05', null);
    expect(stealLine({ ...side('BTC/USD', '0', '-1.25'), distance: decimal('1').dividedBy(3) }, third)).toBe(
      'Work steal: BTCUSD (dist=0.333333, PnL=-1.25) stealing from ETHUSD (dist=0.05, PnL=0.0)',
    );
    expect(stealLine(side('A', '0.0000001', '123456789'), third)).toContain('A (dist=0.0, PnL=123456789.0)');
  });
});
