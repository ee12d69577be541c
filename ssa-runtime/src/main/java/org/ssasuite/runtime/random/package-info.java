/** Checkpoints with random weights, for tests, benchmarks and the beginning of a training. */
package org.ssasuite.runtime.random;
