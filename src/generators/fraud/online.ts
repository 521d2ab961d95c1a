import type { Random } from '../numbers/random.ts';
import { avs, channel, cvv, entryMode, threeDs } from '../simulation/codes.ts';
import type { Draft } from '../simulation/draft.ts';
import type { Scene } from '../simulation/scene.ts';
import { setAvs, setThreeDs } from '../spending/verification.ts';

/** How well a stranger who pays online knows the card; shares from 0 to 1. */
export interface Knowledge {
  readonly onFile: number;
  readonly address: number;
  readonly code: number;
  /** 3-D Secure: of 1, so much is challenged and passed, so much failed; the rest was not asked for. */
  readonly challenged: number;
  readonly failed: number;
}

/** A stranger pays online with a card: what the checks of 3-D Secure, address and code say. */
export function payOnline(
  draft: Draft,
  card: number,
  merchant: number,
  known: Knowledge,
  { scene, random }: { readonly scene: Scene; readonly random: Random },
): void {
  draft.card = card;
  draft.channel = channel.ecom;
  draft.merchant = merchant;
  draft.entryMode = random.chance(known.onFile) ? entryMode.onFile : entryMode.ecom;
  const unit = random.unit();
  if (unit < known.challenged) setThreeDs(draft, threeDs.challenge, scene);
  else {
    setThreeDs(
      draft,
      unit < known.challenged + known.failed ? threeDs.failed : threeDs.none,
      scene,
    );
  }
  setAvs(draft, random.chance(known.address) ? avs.match : avs.mismatch, scene);
  if (draft.entryMode === entryMode.ecom) {
    draft.cvv = random.chance(known.code) ? cvv.match : cvv.mismatch;
  }
}
