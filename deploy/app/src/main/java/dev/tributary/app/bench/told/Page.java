package dev.tributary.app.bench.told;

import java.util.Locale;

/** A page of Markdown under way. */
final class Page {

  private final StringBuilder text = new StringBuilder();

  void line(String format, Object... values) {
    text.append(String.format(Locale.ROOT, format, values)).append('\n');
  }

  @Override
  public String toString() {
    return text.toString();
  }
}
