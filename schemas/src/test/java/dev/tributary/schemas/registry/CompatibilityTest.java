package dev.tributary.schemas.registry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.util.List;
import java.util.stream.Stream;
import org.apache.avro.Schema;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The rule itself must be able to say no: each planted break is found. */
class CompatibilityTest {

  private static final Schema V1 =
      record(
          "{'name':'id','type':'string'},{'name':'n','type':'int'},"
              + "{'name':'kind','type':{'type':'enum','name':'Kind',"
              + "'symbols':['A','B'],'default':'A'}},"
              + "{'name':'plain','type':{'type':'enum','name':'Plain','symbols':['A','B']}},"
              + "{'name':'note','type':'string','default':''}");

  private static final String ID = "{'name':'id','type':'string'}";
  private static final String NOTE = "{'name':'note','type':'string','default':''}";
  private static final String PLAIN = "'name':'Plain','symbols':['A','B']";
  private static final String KIND = "'symbols':['A','B'],'default':'A'";

  static Stream<Arguments> breaks() {
    return Stream.of(
        arguments(
            "a field without a default is added", NOTE, NOTE + ",{'name':'must','type':'int'}"),
        arguments("a required field is removed", ID + ",", ""),
        arguments(
            "a field changes its type", "'name':'n','type':'int'", "'name':'n','type':'string'"),
        arguments("a field is widened", "'name':'n','type':'int'", "'name':'n','type':'long'"),
        arguments("a field is renamed", "'name':'id'", "'name':'key'"),
        arguments(
            "a field becomes optional",
            "'name':'n','type':'int'",
            "'name':'n','type':['null','int'],'default':null"),
        arguments("a symbol leaves a plain enum", PLAIN, "'name':'Plain','symbols':['A']"),
        arguments("a symbol joins a plain enum", PLAIN, "'name':'Plain','symbols':['A','B','C']"),
        arguments("the default of an enum leaves with a symbol", KIND, "'symbols':['B']"));
  }

  @ParameterizedTest
  @MethodSource("breaks")
  void findsAPlantedBreak(String change, String before, String after) {
    assertFalse(Compatibility.breaks(changed(before, after), List.of(V1)).isEmpty(), change);
  }

  static Stream<Arguments> additions() {
    return Stream.of(
        arguments(
            "a field with a default is added",
            NOTE,
            NOTE + ",{'name':'more','type':'int','default':0}"),
        arguments("a field with a default is removed", "," + NOTE, ""),
        arguments(
            "a symbol joins an enum with a default",
            KIND,
            "'symbols':['A','B','C'],'default':'A'"));
  }

  @ParameterizedTest
  @MethodSource("additions")
  void letsAnAdditiveChangeThrough(String change, String before, String after) {
    assertEquals(List.of(), Compatibility.breaks(changed(before, after), List.of(V1)), change);
  }

  @Test
  void looksAtTheWholeHistoryAndNamesTheVersion() {
    // given a field that was dropped, and comes back as another type
    Schema first = record("{'name':'id','type':'string'},{'name':'n','type':'int','default':0}");
    Schema second = record("{'name':'id','type':'string'}");
    Schema third =
        record("{'name':'id','type':'string'},{'name':'n','type':'string','default':''}");

    // then
    assertEquals(List.of(), Compatibility.breaks(second, List.of(first)));
    assertEquals(List.of(), Compatibility.breaks(third, List.of(second)));
    List<String> breaks = Compatibility.breaks(third, List.of(first, second));
    assertEquals(2, breaks.size(), breaks.toString());
    assertTrue(
        breaks.stream()
            .allMatch(text -> text.contains("version 1") && text.contains("/fields/1/type")));
  }

  private static Schema changed(String before, String after) {
    String json = V1.toString();
    String plant = before.replace('\'', '"');
    assertTrue(json.contains(plant), "nowhere to plant: " + before);
    return parse(json.replace(plant, after.replace('\'', '"')));
  }

  private static Schema record(String fields) {
    return parse("{'type':'record','name':'R','fields':[%s]}".formatted(fields).replace('\'', '"'));
  }

  private static Schema parse(String json) {
    return new Schema.Parser().parse(json);
  }
}
