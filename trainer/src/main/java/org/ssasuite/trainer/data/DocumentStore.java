package org.ssasuite.trainer.data;

/**
 * Tokenised documents.
 *
 * @param tokens documents with an end token behind each
 * @param digest of both
 */
record DocumentStore(TokenStream tokens, DocumentLengths documents, String digest) {}
