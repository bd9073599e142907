/** Test-only: analysts that see what is not there, or nothing at all. */
import { captureSource } from '../../telemetry/index.ts';
import { type Analyst, inlineAnalyst } from '../analyst.ts';
import { AnalystError } from '../errors.ts';
import { SAMPLES } from './agents-on-chain.ts';

/** Reports every figure half as high as it was. */
export function forgedAnalyst(): Analyst {
  const honest = inlineAnalyst(captureSource(SAMPLES));
  return {
    ...honest,
    analyse: async (captureId, alert, window) => {
      const findings = await honest.analyse(captureId, alert, window);
      const series = findings.series.map((item) =>
        item.atAlert === null ? item : { ...item, atAlert: { ...item.atAlert, value: item.atAlert.value / 2 } },
      );
      return { ...findings, series };
    },
  };
}

const nothingOf = async (captureId: string): Promise<never> => {
  throw new AnalystError('TELEMETRY_UNAVAILABLE', `no capture ${captureId}`);
};

export const blindAnalyst: Analyst = {
  analyse: nothingOf,
  observe: nothingOf,
  forget: () => {},
  close: async () => {},
};
