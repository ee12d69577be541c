/** Model folders as Hugging Face users have them: configuration, weights, tokenizer. */
package org.ssasuite.runtime.checkpoint;
