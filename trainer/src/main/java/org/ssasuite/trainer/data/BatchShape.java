package org.ssasuite.trainer.data;

/**
 * How large a micro-batch is.
 *
 * @param rows B
 * @param length T, tokens per row
 */
record BatchShape(int rows, int length) {}
