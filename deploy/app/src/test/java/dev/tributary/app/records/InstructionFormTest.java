package dev.tributary.app.records;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tributary.foundation.error.BadRecordException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

class InstructionFormTest {

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "Alpaca|{'instruction':'i','input':'','output':'o'}|{'instruction':'i','output':'o'}",
        "Alpaca with"
            + " input|{'instruction':'i','input':'x','output':'o','slice':'s'}|{'slice':'s','instruction':'i','input':'x','output':'o'}",
        "Alpaca with system and"
            + " history|{'instruction':'i','input':'x','output':'o','system':'y','history':[['a','b']]}|{'messages':[{'role':'system','content':'y'},{'role':'user','content':'a'},{'role':'assistant','content':'b'},{'role':'user','content':'i\\n"
            + "x'},{'role':'assistant','content':'o'}]}",
        "OpenAI|{'messages':[{'role':'user','content':'q'},{'role':'assistant','content':'a','weight':1}]}|{'messages':[{'role':'user','content':'q'},{'role':'assistant','content':'a','weight':1}]}",
        "ShareGPT|{'conversations':[{'from':'human','value':'q'},{'from':'gpt','value':'a'}]}|{'messages':[{'role':'user','content':'q'},{'role':'assistant','content':'a'}]}",
        "TRL text|{'prompt':'q','completion':'a','label':true}|{'instruction':'q','output':'a'}",
        "TRL messages|{'prompt':[{'role':'user','content':'q'}],'completion':[{'role':'assistant','content':'a'}]}|{'messages':[{'role':'user','content':'q'},{'role':'assistant','content':'a'}]}",
        "intents|{'text':'q','category':'c'}|{'instruction':'q','output':'c'}",
        "what goes"
            + " along|{'text':'q','category':'c','id':'7','fact_key':'k','source':'AGENT','junk':1}|{'id':'7','fact_key':'k','source':'AGENT','instruction':'q','output':'c'}",
      })
  void everyFormBecomesAnInstruction(String name, String from, String to) {
    assertEquals(json(to), InstructionForm.of(new SourceRecord(1, json(from))));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{'text':'plain'}|line 4 has no known form",
        "{'prompt':'p','chosen':'c','rejected':'r'}|line 4 is a preference pair",
        "{'input':{},'preferred_output':[],'non_preferred_output':[]}|line 4 is a preference pair",
        "{'prompt':'p','completion':'c','label':false}|line 4 is labelled as a wrong answer",
        "{'conversations':[],'kto_tag':false}|line 4 is labelled as a wrong answer",
        "{'conversations':[{'from':'tool','value':'x'}]}|line 4 conversations: 'tool' is no known"
            + " speaker",
        "{'prompt':'p','completion':[]}|line 4 prompt and completion must both be",
      })
  void whatHasNoSingleRightAnswerIsRefusedByLine(String from, String message) {
    BadRecordException error =
        assertThrows(
            BadRecordException.class, () -> InstructionForm.of(new SourceRecord(4, json(from))));

    assertTrue(error.getMessage().startsWith(message), error.getMessage());
  }

  private static ObjectNode json(String text) {
    return (ObjectNode) new JsonMapper().readTree(text.replace('\'', '"'));
  }
}
