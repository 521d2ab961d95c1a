/** Who uses an address: it decides what a fraud system can conclude from it. */
export const addressKinds = { consumer: 0, mobile: 1, hosting: 2, anonymiser: 3 } as const;
export type AddressKind = (typeof addressKinds)[keyof typeof addressKinds];

/** What is known of an address: the country it is registered in (ISO 3166-1 alpha-2), and its kind. */
export interface Network {
  readonly country: string;
  readonly kind: AddressKind;
}
