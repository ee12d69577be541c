/** Checkpoints of the SSA family on ONNX Runtime. */
package org.ssasuite.runtime;
