package dev.tributary.engine.recall;

import dev.tributary.engine.data.TokenizedExample;

/**
 * A question a base model made up, and its answer.
 *
 * @param question the user's turn
 * @param answer the greedy answer
 * @param tokens both as training and scoring see them, the answer supervised
 */
public record OwnAnswer(String question, String answer, TokenizedExample tokens) {}
