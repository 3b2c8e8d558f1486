/**
 * HTTP: requests read strictly, answers written member by member as OpenAI writes them, whole or as
 * server-sent events.
 */
package dev.tributary.evaluator.serve.api;
