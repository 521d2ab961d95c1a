export const read = (data) => {
  const { eventId, amount } = JSON.parse(Buffer.from(data).toString());
  return { id: eventId, isFraud: Number(amount) > 100 };
};

export const verdict = (eventId, isFraud) => {
  const decision = isFraud ? 'DECLINE' : 'APPROVE';
  return Buffer.from(
    JSON.stringify({ eventId, riskScore: isFraud ? 87.5 : 4, decision, tookMs: 12 }),
  );
};
