package io.fraudstream.records;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Active currencies and their numbers of decimals. Source: ISO 4217, list one; funds left out. */
public final class Currencies {
  private static final Map<String, Integer> EXPONENTS = new HashMap<>();

  static {
    add(0, "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX VND VUV XAF XOF XPF");
    add(
        2,
        """
          AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN BMD BND BOB BRL BSD BTN
          BWP BYN BZD CAD CDF CHF CNY COP CRC CUP CVE CZK DKK DOP DZD EGP ERN ETB EUR FJD
          FKP GBP GEL GHS GIP GMD GTQ GYD HKD HNL HTG HUF IDR ILS INR IRR JMD KES KGS KHR
          KPW KYD KZT LAK LBP LKR LRD LSL MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN
          MYR MZN NAD NGN NIO NOK NPR NZD PAB PEN PGK PHP PKR PLN QAR RON RSD RUB SAR SBD
          SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TOP TRY TTD TWD
          TZS UAH USD UYU UZS VED VES WST XCD YER ZAR ZMW ZWG
        """);
    add(3, "BHD IQD JOD KWD LYD OMR TND");
  }

  static final List<String> ACTIVE = List.copyOf(EXPONENTS.keySet());

  private Currencies() {}

  private static void add(int exponent, String codes) {
    for (String code : codes.trim().split("\\s+")) EXPONENTS.put(code, exponent);
  }

  /** Decimals of a currency: JPY 0, USD 2, KWD 3; -1 for a code that is none, or null. */
  public static int exponent(String code) {
    Integer exponent = code == null ? null : EXPONENTS.get(code);
    return exponent == null ? -1 : exponent;
  }
}
