/**
 * The native operators once more, in plain Java and fp64, straight from the formulas: what kernels
 * are judged by. Nothing here is fast.
 */
package org.ssasuite.runtime.oracle;
