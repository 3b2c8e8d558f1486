package dev.tributary.evaluator.serve.api;

import dev.tributary.engine.data.ChatMessage;
import java.util.List;
import java.util.Optional;

/**
 * What a model is to continue.
 *
 * @param tokens as the model sees it, never empty
 * @param messages the conversation; empty for a raw prompt
 * @param text the raw prompt; empty for a conversation
 */
record Prompt(int[] tokens, List<ChatMessage> messages, Optional<String> text) {}
