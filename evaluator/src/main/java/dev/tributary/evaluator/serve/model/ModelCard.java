package dev.tributary.evaluator.serve.model;

import java.time.Instant;
import java.util.Optional;

/**
 * One entry of the model list.
 *
 * @param id name to put into {@code model}
 * @param created when it was published; for the base model, when the server started
 * @param root what answers under this name now
 * @param parent base model of an adapter
 */
public record ModelCard(String id, Instant created, String root, Optional<String> parent) {}
