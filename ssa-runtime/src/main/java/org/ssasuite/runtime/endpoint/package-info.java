/**
 * Servers that compute models for others, by the completions of OpenAI's form: addresses, calls
 * with their repetitions, what a server can, and its answers, of which nothing is believed unseen.
 */
package org.ssasuite.runtime.endpoint;
