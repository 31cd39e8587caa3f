import { readCheckout } from '../adapters/checkout.ts';
import type { Invocation } from '../invocation.ts';
import { repositoryChecker } from './github.ts';

/** What `init` needs of the world outside. */
export const initSeams = (io: Invocation) => ({ readCheckout, checkRepository: repositoryChecker(io) });
