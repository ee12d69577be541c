/**
 * llama.cpp's GGUF files, as they are: metadata, tensors, number formats of blocks. What they mean
 * for a model is the business of those who read them.
 */
package org.ssasuite.runtime.gguf;
