import { accountTakeover } from './account-takeover.ts';
import { binAttack } from './bin-attack.ts';
import { bustOut } from './bust-out.ts';
import { cardTesting } from './card-testing.ts';
import { cnpStolen } from './cnp-stolen.ts';
import { counterfeitSkim } from './counterfeit-skim.ts';
import { friendly } from './friendly.ts';
import { impossibleTravel } from './impossible-travel.ts';
import { lostStolen } from './lost-stolen.ts';
import { merchantCollusion } from './merchant-collusion.ts';
import { refundFraud } from './refund-fraud.ts';
import type { Scenario } from './scenario.ts';
import { velocityBurst } from './velocity-burst.ts';

/** All kinds of fraud; a draft knows its own by place, counted from 1. New ones go to the end. */
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
