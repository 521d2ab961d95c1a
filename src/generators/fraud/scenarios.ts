import { accountTakeover } from './account-takeover.ts';
import { cardTesting } from './card-testing.ts';
import { cnpStolen } from './cnp-stolen.ts';
import { lostStolen } from './lost-stolen.ts';
import type { Scenario } from './scenario.ts';

/** All kinds of fraud; a draft knows its own by place, counted from 1. New ones go to the end. */
export const scenarios: readonly Scenario[] = [cnpStolen, cardTesting, accountTakeover, lostStolen];
