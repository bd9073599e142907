/** Test-only: analysts that see what is not there, or nothing at all. */
import { captureSource } from '../../telemetry/index.ts';
import { type Analyst, inlineAnalyst } from '../analyst.ts';
import { AnalystError } from '../errors.ts';
import { SAMPLES } from './agents-on-chain.ts';

/** Reports every figure half as high as it was. */
export function forgedAnalyst(): Analyst {
  const honest = inlineAnalyst(captureSource(SAMPLES));
  return {
    close: () => honest.close(),
    analyse: async (captureId, alert) => {
      const findings = await honest.analyse(captureId, alert);
      const series = findings.series.map((item) =>
        item.atAlert === null ? item : { ...item, atAlert: { ...item.atAlert, value: item.atAlert.value / 2 } },
      );
      return { ...findings, series };
    },
  };
}

export const blindAnalyst: Analyst = {
  analyse: async (captureId) => {
    throw new AnalystError('TELEMETRY_UNAVAILABLE', `no capture ${captureId}`);
  },
  close: async () => {},
};
