/** Makes the agent of a node process out of its configuration. */
import {
  type AgentContext,
  type AgentHandle,
  type NodeConfig,
  nativeWallet,
  readSecret,
  systemClock,
} from '@dao-gov/node/bin';
import { ADMISSION_CODES, type AdmissionCode, AdmissionError, ROLE_TITLES } from '@dao-gov/node/protocol';
import {
  AlertError,
  agentWallet,
  createReasoner,
  localLedger,
  readAgentPolicy,
  reasonerConfigOf,
  startAgent,
  workerAnalyst,
} from '../index.ts';

type AgentConfig = NonNullable<NodeConfig['agent']>;

const isAdmissionCode = (code: string): code is AdmissionCode => ADMISSION_CODES.includes(code as AdmissionCode);

/** @throws ConfigError on an unreadable key, ZodError on unusable settings of the model */
export async function agentOf(config: AgentConfig, { node, telemetry }: AgentContext): Promise<AgentHandle> {
  const secret = readSecret(config.walletKey);
  const wallet = agentWallet(secret, nativeWallet(secret));
  const analyst = workerAnalyst({
    captures: config.captures,
    telemetry: config.telemetry,
    clock: systemClock,
    onProblem: (problem) => telemetry.log('warn', 'telemetry is incomplete', { problem }),
  });
  const name = ROLE_TITLES[config.role].title;
  const agent = startAgent({
    role: config.role,
    name,
    wallet,
    ledger: localLedger(node, wallet.address),
    analyst,
    reasoner: await createReasoner(reasonerConfigOf(config.reasoner, process.env), {
      clock: systemClock,
      sink: telemetry,
    }),
    clock: systemClock,
    sink: telemetry,
    ...(config.policy !== undefined && { policy: readAgentPolicy(config.policy) }),
  });
  return {
    address: agent.address,
    role: agent.role,
    name,
    raiseAlert: async (alert) => {
      try {
        return await agent.raiseAlert(alert);
      } catch (error) {
        // What the pool said goes back to the caller in the pool's own words.
        if (error instanceof AlertError && isAdmissionCode(error.code))
          throw new AdmissionError(error.code, error.message);
        throw error;
      }
    },
    stop: async () => {
      await agent.stop();
      await analyst.close();
    },
  };
}
