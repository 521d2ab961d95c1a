import { accountTakeover, cnpStolen, friendly, velocityBurst } from './card-not-present-fraud.ts';
import { counterfeitSkim, impossibleTravel, lostStolen } from './card-present-fraud.ts';
import { binAttack, cardTesting } from './card-testing.ts';
import { bustOut, merchantCollusion, refundFraud } from './merchant-fraud.ts';
import type { Scenario } from './scenario.ts';

/** All kinds of fraud; a draft has the index of its own, counted from 1. New ones go to the end. */
export const scenarios: readonly Scenario[] = [
  cnpStolen,
  cardTesting,
  binAttack,
  accountTakeover,
  lostStolen,
  counterfeitSkim,
  impossibleTravel,
  velocityBurst,
  friendly,
  merchantCollusion,
  refundFraud,
  bustOut,
];
