package io.fraudstream.features;

import io.fraudstream.addresses.AddressTable;
import io.fraudstream.addresses.Addresses;
import io.fraudstream.addresses.Network;
import io.fraudstream.records.Transaction;

/**
 * What the features read of a transaction, as numbers.
 *
 * <p>Units: {@code time} epoch milliseconds, {@code amount} minor units of the billing currency,
 * {@code rate} those of a nominal dollar. 0 stands for an unknown identifier or country, NaN for an
 * unknown number. Public fields and an empty constructor: Flink's POJO.
 */
public class Facts {
  /** Addresses of an IPv4 network. */
  private static final long HOST_V4 = 256;

  private static final double ROUND = 1000;

  public double time;
  public double amount;
  public double rate = Double.NaN;
  public double card;
  public double merchant;
  public double terminal;
  public double device;
  public double network;
  public double ipCountry;
  public double ipKind = Double.NaN;
  public double cardCountry;
  public double merchantCountry;

  /** The country of the merchant where the card was there, else 0. */
  public double presentCountry;

  public double mcc = Double.NaN;
  public double bin;
  public boolean isDeclined;
  public boolean isRound;
  public boolean isRefund;

  /** The facts of a transaction; the owner of its address is looked up in the table. */
  public static Facts of(Transaction transaction, AddressTable addresses) {
    Facts facts = new Facts();
    facts.time = transaction.timeMs;
    facts.readMoney(transaction);
    facts.readParties(transaction);
    facts.readAddress(transaction.sourceIp, addresses);
    facts.isDeclined = transaction.responseCode != null && !transaction.responseCode.equals("00");
    facts.isRefund = "refund".equals(transaction.type);
    return facts;
  }

  private void readMoney(Transaction transaction) {
    boolean isBilled =
        transaction.billingAmountMinor != null && transaction.billingCurrency != null;
    String currency = isBilled ? transaction.billingCurrency : transaction.currency;
    amount = isBilled ? transaction.billingAmountMinor : transaction.amountMinor;
    rate = Manifest.MINOR_PER_USD.getOrDefault(currency, Double.NaN);
    isRound = transaction.amountMinor % ROUND == 0;
  }

  private void readParties(Transaction transaction) {
    card = Fnv.of(transaction.cardId);
    merchant = Fnv.of(transaction.merchantId);
    terminal = Fnv.of(transaction.terminalId);
    device = Fnv.of(transaction.deviceId);
    bin = transaction.panBin == null ? 0 : Integer.parseInt(transaction.panBin) + 1;
    cardCountry = Positions.countryNumber(transaction.cardCountry);
    merchantCountry = Positions.countryNumber(transaction.merchantCountry);
    presentCountry = Boolean.TRUE.equals(transaction.cardPresent) ? merchantCountry : 0;
    if (transaction.mcc != null) mcc = Integer.parseInt(transaction.mcc);
  }

  private void readAddress(String text, AddressTable addresses) {
    long address = text == null ? Addresses.NONE : Addresses.parse(text);
    if (address == Addresses.NONE) return;
    network = address < Addresses.V6 ? address / HOST_V4 + 1 : address;
    Network owner = addresses.lookup(address);
    if (owner == null) return;
    ipCountry = Positions.countryNumber(owner.country());
    ipKind = owner.kind();
  }
}
