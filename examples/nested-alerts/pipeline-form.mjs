export const read = (data) => {
  const { event, money } = JSON.parse(Buffer.from(data).toString());
  return { id: event.eventId, isFraud: money.minor > 10_000 };
};

export const verdict = (eventId, isFraud) =>
  isFraud ? Buffer.from(JSON.stringify({ alert: { eventId, action: 'BLOCK' } })) : undefined;
