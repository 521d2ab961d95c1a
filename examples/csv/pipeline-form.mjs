export const read = (data) => {
  const [, id, , amount] = Buffer.from(data).toString().split(';');
  return { id, isFraud: Number(amount.replace(',', '.')) > 100 };
};

export const verdict = (id, isFraud) =>
  Buffer.from(`${id},${isFraud ? 900 : 100},${isFraud ? 'F' : 'G'}`);
