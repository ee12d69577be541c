/**
 * Checkpoints of the SSA family on ONNX Runtime: loading, the graph, the operators, and {@link
 * org.ssasuite.runtime.SsaModel}, which answers requests.
 */
package org.ssasuite.runtime;
