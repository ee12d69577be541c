/** {@code ssa export}: a model for users of ONNX Runtime in other languages. */
package org.ssasuite.leaderboards.export;
