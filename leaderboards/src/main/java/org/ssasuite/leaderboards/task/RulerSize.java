package org.ssasuite.leaderboards.task;

/**
 * How large RULER's samples are and what they are drawn with.
 *
 * @param length tokens of prompt and answer
 */
public record RulerSize(int length, long seed) {}
