/**
 * Texts to token ids and back: tokenizer.json in Rust, read strictly first; prompts that are cut,
 * and text that grows token by token.
 */
package org.ssasuite.runtime.tokenizer;
