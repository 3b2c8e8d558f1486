package dev.tributary.evaluator.serve.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tributary.platform.http.HttpException;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.json.JsonMapper;

class ParametersTest {

  @Test
  void readsMembersByTypeAndTakesNullAsAbsent() {
    Parameters parameters =
        parameters("{'model':'m','n':2,'temperature':0.5,'stream':true,'seed':-1,'user':null}");

    assertEquals("m", parameters.requiredText("model", 10));
    assertEquals(2, parameters.integer("n", 1, 8).getAsInt());
    assertEquals(0.5, parameters.number("temperature", 0, 2).getAsDouble());
    assertTrue(parameters.flag("stream"));
    assertEquals(-1, parameters.longInteger("seed").getAsLong());
    assertEquals(Optional.empty(), parameters.text("user", 10));
    parameters.refuseUnread();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{'n':1000000000}|n",
        "{'n':0}|n",
        "{'n':1.5}|n",
        "{'n':'2'}|n",
        "{'n':99999999999999999999}|n",
        "{'max_tokens':-1}|max_tokens",
        "{'max_tokens':0}|max_tokens",
        "{'max_completion_tokens':'many'}|max_completion_tokens",
        "{'temperature':'x'}|temperature",
        "{'temperature':-0.1}|temperature",
        "{'temperature':2.1}|temperature",
        "{'temperature':1e400}|temperature",
        "{'top_p':-0.1}|top_p",
        "{'top_p':1.01}|top_p",
        "{'top_p':[]}|top_p",
        "{'seed':0.5}|seed",
        "{'seed':99999999999999999999}|seed",
        "{'stop':''}|stop",
        "{'stop':7}|stop",
        "{'stop':['a','b','c','d','e']}|stop",
        "{'stop':['a',null]}|stop",
        "{'logprobs':1000000}|logprobs",
        "{'logprobs':true}|logprobs",
        "{'presence_penalty':0.5}|presence_penalty",
        "{'frequency_penalty':1}|frequency_penalty",
        "{'logit_bias':{'50256':-100}}|logit_bias",
      })
  void refusesWhatCannotBeSampledNamingTheMember(String json, String parameter) {
    HttpException refusal =
        assertThrows(HttpException.class, () -> Sampling.read(parameters(json)));

    assertRefused(refusal, parameter);
  }

  @Test
  void refusesTenThousandStops() {
    String stops = "'x',".repeat(9_999) + "'x'";

    HttpException refusal =
        assertThrows(
            HttpException.class, () -> Sampling.read(parameters("{'stop':[" + stops + "]}")));

    assertRefused(refusal, "stop");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{'logprobs':false}",
        "{'logprobs':0}",
        "{'presence_penalty':0,'frequency_penalty':0.0,'logit_bias':{}}",
        "{'logit_bias':null,'stop':null,'n':null}",
        "{'stop':[]}",
      })
  void acceptsMembersThatAskForNothing(String json) {
    Sampling sampling = Sampling.read(parameters(json));

    assertEquals(1, sampling.choices());
    assertTrue(sampling.stops().isEmpty());
  }

  @Test
  void prefersTheNewerNameOfTheTokenLimit() {
    Sampling sampling = Sampling.read(parameters("{'max_tokens':5,'max_completion_tokens':7}"));

    assertEquals(7, sampling.maxTokens().getAsInt());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{'stream':'yes'}|stream",
        "{'stream_options':{'include_usage':true}}|stream_options",
        "{'stream':true,'stream_options':true}|stream_options",
        "{'stream':true,'stream_options':{'include_usage':1}}|stream_options/include_usage",
        "{'stream':true,'stream_options':{'includeUsage':true}}|stream_options/includeUsage",
      })
  void refusesUnusableStreamOptions(String json, String pointer) {
    HttpException refusal =
        assertThrows(HttpException.class, () -> Streaming.read(parameters(json)));

    assertRefused(refusal, pointer);
  }

  @Test
  void refusesAMemberNobodyKnows() {
    Parameters parameters = parameters("{'model':'m','top_k':5}");
    parameters.requiredText("model", 10);

    HttpException refusal = assertThrows(HttpException.class, parameters::refuseUnread);

    assertRefused(refusal, "top_k");
    assertEquals("unknown_parameter", refusal.code());
  }

  @Test
  void keepsAHugeValueOutOfTheMessage() {
    HttpException refusal =
        assertThrows(
            HttpException.class,
            () -> parameters("{'n':'" + "9".repeat(100_000) + "'}").integer("n", 1, 8));

    assertTrue(refusal.getMessage().length() < 200, refusal.getMessage());
  }

  @ParameterizedTest
  @ValueSource(strings = {"[]", "'text'", "7", "null"})
  void refusesABodyThatIsNoObject(String json) {
    assertEquals(400, assertThrows(HttpException.class, () -> parameters(json)).status());
  }

  private static void assertRefused(HttpException refusal, String pointer) {
    assertEquals(400, refusal.status());
    assertEquals("/" + pointer, refusal.errors().getFirst().pointer());
    assertTrue(
        refusal.getMessage().contains(pointer.substring(pointer.lastIndexOf('/') + 1)),
        refusal.getMessage());
  }

  private static Parameters parameters(String json) {
    return Parameters.of(JsonMapper.shared().readTree(json.replace('\'', '"')));
  }
}
