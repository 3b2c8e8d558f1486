package dev.tributary.evaluator.serve.api;

/**
 * What is the same in every piece of one answer.
 *
 * @param id completion id, under which feedback names it
 * @param created Unix seconds
 * @param model version that answers
 */
record AnswerHead(String id, long created, String model) {}
