package dev.tributary.app.bench.told;

/** A question and the answer that is right. */
public record Line(String question, String answer) {}
