package dev.tributary.app.bench.told;

import java.util.Locale;

/** What can be measured by itself; the names are those of {@code --only}. */
enum Scene {
  FAQ3,
  FAQ30,
  FAQ200,
  CORRECTION,
  TEN,
  STRANGER,
  FLOOD;

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
