/** An amount as RPC methods show it. */
export type UiAmount = {
  readonly amount: string;
  readonly decimals: number;
  readonly uiAmount: number | null;
  readonly uiAmountString: string;
};

/** Base units with their decimal places, exact in `amount` and `uiAmountString`. */
export function uiAmount(amount: bigint, decimals: number): UiAmount {
  return {
    amount: amount.toString(),
    decimals,
    uiAmount: Number(amount) / 10 ** decimals,
    uiAmountString: decimalString(amount, decimals),
  };
}

/** As in transactions, where nodes store a zero as nothing. */
export function storedUiAmount(amount: bigint, decimals: number): UiAmount {
  const shown = uiAmount(amount, decimals);
  return amount === 0n ? { ...shown, uiAmount: null } : shown;
}

function decimalString(amount: bigint, decimals: number): string {
  if (decimals === 0) return amount.toString();
  const digits = amount.toString().padStart(decimals + 1, '0');
  const whole = digits.slice(0, -decimals);
  const fraction = digits.slice(-decimals).replace(/0+$/, '');
  return fraction === '' ? whole : `${whole}.${fraction}`;
}
