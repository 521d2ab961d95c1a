/** Whose addresses: those of the public Internet, or those set aside for documentation. */
export const ipSpaces = ['public', 'documentation'] as const;
export type IpSpace = (typeof ipSpaces)[number];
