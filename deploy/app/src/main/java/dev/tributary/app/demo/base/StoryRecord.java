package dev.tributary.app.demo.base;

/**
 * A question and the answer somebody says is right.
 *
 * @param slice the topic it belongs to
 * @param factKey the fact it is about
 */
public record StoryRecord(String slice, String factKey, String question, String answer) {}
