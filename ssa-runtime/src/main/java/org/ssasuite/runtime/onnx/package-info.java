/** Sessions of ONNX Runtime with our operator library in them. */
package org.ssasuite.runtime.onnx;
