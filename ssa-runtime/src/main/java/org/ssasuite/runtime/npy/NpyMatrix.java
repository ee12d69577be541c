package org.ssasuite.runtime.npy;

/**
 * Where a matrix lies in a {@code .npy} file: row after row, little-endian.
 *
 * @param half whether its numbers are float16, not float32
 * @param offset of the first row, bytes
 */
public record NpyMatrix(int rows, int columns, boolean half, long offset) {}
