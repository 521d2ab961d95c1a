package io.fraudstream.addresses;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Who has which addresses, as of a date. Immutable: all subtasks of a process share one. */
public final class AddressTable {
  private static final Map<String, AddressTable> LOADED = new ConcurrentHashMap<>();

  private final TableFile file;
  private final Network[] networks;

  private AddressTable(TableFile file) {
    this.file = file;
    this.networks = networksOf(file.countries());
  }

  /**
   * The table that is packed into the jar.
   *
   * @param space {@code public}, the public Internet, or {@code documentation}, addresses set aside
   */
  public static AddressTable ofJar(String space) {
    String name = space.equals("documentation") ? "ip-ranges-documentation.bin" : "ip-ranges.bin";
    return LOADED.computeIfAbsent(name, AddressTable::load);
  }

  private static AddressTable load(String name) {
    try (InputStream bytes = AddressTable.class.getClassLoader().getResourceAsStream(name)) {
      if (bytes == null)
        throw new IllegalStateException(name + " is not in the jar. Build it again.");
      return new AddressTable(TableFile.read(bytes.readAllBytes()));
    } catch (IOException cause) {
      throw new UncheckedIOException(name + " in the jar cannot be read.", cause);
    }
  }

  /** YYYYMMDD, when the sources of the table were published. */
  public String date() {
    return file.date();
  }

  /** The network of a number of {@link Addresses#parse}; null for none, or one that nobody has. */
  public Network lookup(long address) {
    if (address == Addresses.NONE) return null;
    boolean isV4 = address < Addresses.V6;
    Runs runs = isV4 ? file.v4() : file.v6();
    int run =
        isV4
            ? runs.runOf((int) (address >>> 16), (int) (address & 0xffff))
            : runs.runOf((int) (address - Addresses.V6 >>> 32), (int) address);
    int country = Byte.toUnsignedInt(runs.countries()[run]);
    return networks[country * Network.KINDS + runs.kinds()[run]];
  }

  /** The network of each country and kind; those of country 0 are nobody's. */
  private static Network[] networksOf(String[] countries) {
    Network[] networks = new Network[(countries.length + 1) * Network.KINDS];
    for (int index = Network.KINDS; index < networks.length; index++) {
      String country = countries[index / Network.KINDS - 1];
      networks[index] = new Network(country, index % Network.KINDS);
    }
    return networks;
  }
}
