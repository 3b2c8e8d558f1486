package dev.tributary.foundation;

import dev.tributary.foundation.error.ConfigException;
import java.util.regex.Pattern;

/**
 * Names an adapter: the unit of ordering, training, gating and isolation.
 *
 * @param tenant lower-case letters, digits and hyphens, 1 to 63 characters, not starting with a
 *     hyphen
 * @param domain the same
 */
public record AdapterId(String tenant, String domain) implements Comparable<AdapterId> {

  private static final Pattern PART = Pattern.compile("[a-z0-9][a-z0-9-]{0,62}");

  public AdapterId {
    if (!isPart(tenant) || !isPart(domain)) {
      throw ConfigException.of(
          "adapter",
          tenant + "/" + domain,
          "write tenant/domain, each 1 to 63 lower-case letters, digits or hyphens, starting with a"
              + " letter or digit");
    }
  }

  /** Reads {@code tenant/domain}. */
  public static AdapterId parse(String text) {
    return split(text, '/');
  }

  /**
   * Reads {@code tenant.domain}, the form used where a slash cannot stand: URLs, metric labels,
   * model names.
   */
  public static AdapterId parseDotted(String text) {
    return split(text, '.');
  }

  private static AdapterId split(String text, char separator) {
    int at = text.indexOf(separator);
    if (at < 0) {
      throw ConfigException.of("adapter", text, "write tenant" + separator + "domain");
    }
    return new AdapterId(text.substring(0, at), text.substring(at + 1));
  }

  private static boolean isPart(String part) {
    return PART.matcher(part).matches();
  }

  public String dotted() {
    return tenant + "." + domain;
  }

  /** The immutable serving name of a version, such as {@code acme.support@v17}. */
  public String versionName(int version) {
    return dotted() + "@v" + version;
  }

  @Override
  public int compareTo(AdapterId other) {
    int byTenant = tenant.compareTo(other.tenant);
    return byTenant != 0 ? byTenant : domain.compareTo(other.domain);
  }

  /** {@code tenant/domain}. */
  @Override
  public String toString() {
    return tenant + "/" + domain;
  }
}
