/**
 * Attention with gradients: what a token may attend to, forward and backward over it, and the
 * native kernels that compute both on libtorch's memory.
 */
package org.ssasuite.trainer.attention;
