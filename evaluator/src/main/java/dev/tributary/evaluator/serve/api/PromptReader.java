package dev.tributary.evaluator.serve.api;

import java.util.List;

/**
 * Reads what is asked out of a request body; the members it knows are taken from the parameters.
 */
interface PromptReader {

  /** The member that holds the prompt. */
  String parameter();

  /** One prompt or more; the answer has {@code n} choices for each. */
  List<Prompt> read(Parameters parameters);
}
