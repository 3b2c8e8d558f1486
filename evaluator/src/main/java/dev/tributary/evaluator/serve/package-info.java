/**
 * The built-in server: OpenAI's interface over the base model and every released adapter, following
 * the registry's log while it runs. {@link dev.tributary.evaluator.serve.ServeService} puts the
 * parts together.
 */
package dev.tributary.evaluator.serve;
