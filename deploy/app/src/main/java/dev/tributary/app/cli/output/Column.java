package dev.tributary.app.cli.output;

import java.util.function.Function;

/**
 * A column of a {@link Listing}.
 *
 * @param title heading, upper case by custom
 * @param wide whether it shows in the wide table only
 * @param rightAligned as numbers are
 * @param text what stands in a row's cell
 */
public record Column<T>(
    String title, boolean wide, boolean rightAligned, Function<T, Object> text) {

  public static <T> Column<T> of(String title, Function<T, Object> text) {
    return new Column<>(title, false, false, text);
  }

  public static <T> Column<T> number(String title, Function<T, Object> text) {
    return new Column<>(title, false, true, text);
  }

  /** The same, for the wide table only. */
  public Column<T> onlyWide() {
    return new Column<>(title, true, rightAligned, text);
  }
}
