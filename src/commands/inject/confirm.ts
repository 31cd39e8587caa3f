import { EXIT } from '../../errors.ts';
import type { Invocation } from '../../invocation.ts';

/** How a person agrees to what is shown. */
export interface Consent {
  readonly dryRun?: boolean | undefined;
  readonly yes?: boolean | undefined;
  readonly json?: boolean | undefined;
}

/** Whether somebody has agreed, or can be asked. */
export const canAgree = ({ yes, json }: Consent, io: Invocation) =>
  yes === true || (io.isInteractive && json !== true);

/** Asks at the terminal, unless a flag says yes. A refusal is the exit code to end with. */
export async function agree(consent: Consent, io: Invocation): Promise<'yes' | number> {
  if (consent.yes) return 'yes';
  if (!canAgree(consent, io)) {
    io.err('Nothing was written: there is no terminal to ask at. Add --yes to go ahead.\n');
    return EXIT.usage;
  }
  const { confirm, isCancel } = await import('@clack/prompts');
  const answer = await confirm({ message: 'Go ahead?' });
  if (answer === true) return 'yes';
  io.out('Nothing was written.\n');
  return isCancel(answer) ? EXIT.interrupted : EXIT.ok;
}
