/** ONNX graphs, written from a model's configuration. */
package org.ssasuite.runtime.graph;
