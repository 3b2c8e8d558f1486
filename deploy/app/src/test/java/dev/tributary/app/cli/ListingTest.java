package dev.tributary.app.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.tributary.app.cli.output.Column;
import dev.tributary.app.cli.output.Listing;
import dev.tributary.app.cli.output.OutputFormat;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class ListingTest {

  private record Row(String name, int itemCount) {}

  private static final List<Row> ROWS = List.of(new Row("a", 7), new Row("größer", 123));
  private static final List<Column<Row>> COLUMNS =
      List.of(
          Column.of("NAME", Row::name),
          Column.number("COUNT", Row::itemCount),
          Column.<Row>of("MORE", row -> "x\ty").onlyWide());

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();

  @Test
  void aTerminalGetsAlignedColumnsWithAHeading() {
    assertEquals("NAME    COUNT\na           7\ngrößer    123\n", print(OutputFormat.TABLE, true));
  }

  @Test
  void aPipeGetsTabsAndNoHeading() {
    assertEquals("a\t7\ngrößer\t123\n", print(OutputFormat.TABLE, false));
  }

  @Test
  void theWideTableHasAllColumnsAndNoTabsInsideACell() {
    assertEquals("a\t7\tx y\ngrößer\t123\tx y\n", print(OutputFormat.WIDE, false));
  }

  @Test
  void jsonAndYamlHaveSnakeCaseKeys() {
    assertEquals(
        "[{\"name\":\"a\",\"item_count\":7},{\"name\":\"größer\",\"item_count\":123}]",
        print(OutputFormat.JSON, true).replaceAll("\\s", ""));
    out.reset();
    assertEquals(
        "---\n- name: \"a\"\n  item_count: 7\n- name: \"größer\"\n  item_count: 123\n",
        print(OutputFormat.YAML, true));
  }

  private String print(OutputFormat format, boolean terminal) {
    PrintStream stream = new PrintStream(out, true, StandardCharsets.UTF_8);
    Console console = new Console(stream, stream, terminal, false, false);
    new Listing(console, format).print(ROWS, COLUMNS, ROWS);
    return out.toString(StandardCharsets.UTF_8);
  }
}
